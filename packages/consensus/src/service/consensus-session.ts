import type { ProposalConfig } from "../config.js";
import type { HashgraphSession } from "../hashgraph-session.js";

/**
 * One proposal of a scope, as a storage keeps it: plain data. The counterpart of `ConsensusSession` in
 * hashgraph-like-consensus 0.4.0.
 */
export interface ConsensusSession {
  /** The proposal with its votes, its state and by what it is counted. */
  readonly hashgraph: HashgraphSession;
  /** Wall clock when it was opened or taken in here, whole seconds since the Unix epoch. */
  readonly createdAtSeconds: bigint;
  /** As in {@link ProposalConfig.timeoutMs}. */
  readonly timeoutMs: number;
}

/** The id of the session's proposal, which is its own. */
export function proposalIdOf({ hashgraph }: ConsensusSession): number {
  return hashgraph.proposal.proposalId;
}

/** What the session's proposal is counted by: its own liveness, the rest as configured when it came. */
export function sessionConfig({ hashgraph, timeoutMs }: ConsensusSession): ProposalConfig {
  const { networkType, threshold, maxRounds, proposal } = hashgraph;
  const { livenessCriteriaYes } = proposal;
  return { networkType, threshold, timeoutMs, maxRounds, livenessCriteriaYes };
}

/** With a session in the place of the one with its id, or else at the end. */
export function withSession(
  sessions: readonly ConsensusSession[],
  session: ConsensusSession,
): readonly ConsensusSession[] {
  const id = proposalIdOf(session);
  if (!sessions.some((old) => proposalIdOf(old) === id)) return [...sessions, session];
  return sessions.map((old) => (proposalIdOf(old) === id ? session : old));
}

/** Without the session of this id. */
export function withoutSession(
  sessions: readonly ConsensusSession[],
  proposalId: number,
): readonly ConsensusSession[] {
  return sessions.filter((session) => proposalIdOf(session) !== proposalId);
}
