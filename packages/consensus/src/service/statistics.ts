import type { ConsensusSession } from "./consensus-session.js";

/** Number of proposals of a scope, by state. Evicted proposals are not counted. */
export interface ConsensusStatistics {
  readonly total: number;
  /** Still accepting votes. */
  readonly active: number;
  /** Decided, yes or no. */
  readonly reached: number;
  /** Failed by its deadline or its rounds. */
  readonly failed: number;
}

/** Counts sessions by state. */
export function statisticsOf(sessions: readonly ConsensusSession[]): ConsensusStatistics {
  const states = sessions.map(({ hashgraph }) => hashgraph.state);
  const active = states.filter((state) => state === "active").length;
  const failed = states.filter((state) => state === "failed").length;
  return { total: states.length, active, reached: states.length - active - failed, failed };
}
