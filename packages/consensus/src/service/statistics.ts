import type { ConsensusSession } from "./consensus-session.js";

/** How the proposals of a scope stand. Those that were displaced are in none of the counts. */
export interface ConsensusStatistics {
  readonly total: number;
  /** Still taking votes. */
  readonly active: number;
  /** Decided, yes or no. */
  readonly reached: number;
  /** Out of time, or of rounds, without a decision. */
  readonly failed: number;
}

/** Counts sessions by how they stand. */
export function statisticsOf(sessions: readonly ConsensusSession[]): ConsensusStatistics {
  const states = sessions.map(({ hashgraph }) => hashgraph.state);
  const active = states.filter((state) => state === "active").length;
  const failed = states.filter((state) => state === "failed").length;
  return { total: states.length, active, reached: states.length - active - failed, failed };
}
