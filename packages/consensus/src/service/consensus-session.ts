import type { ProposalConfig } from "../config.js";
import type { HashgraphSession } from "../hashgraph-session.js";

/**
 * One proposal of a scope as stored, plain data. The counterpart of `ConsensusSession` in hashgraph-like-consensus
 * 0.4.0.
 */
export interface ConsensusSession {
  /** The proposal with its votes, state and configuration. */
  readonly hashgraph: HashgraphSession;
  /** Wall clock when it was opened or received here, whole seconds since the Unix epoch. */
  readonly createdAtSeconds: bigint;
  /** As in {@link ProposalConfig.timeoutMs}. */
  readonly timeoutMs: number;
}

/** Proposal id of a session, which identifies it. */
export function proposalIdOf({ hashgraph }: ConsensusSession): number {
  return hashgraph.proposal.proposalId;
}

/** Configuration of a session: liveness from its proposal, other settings as configured on arrival. */
export function sessionConfig({ hashgraph, timeoutMs }: ConsensusSession): ProposalConfig {
  const { networkType, threshold, maxRounds, proposal } = hashgraph;
  const { livenessCriteriaYes } = proposal;
  return { networkType, threshold, timeoutMs, maxRounds, livenessCriteriaYes };
}

/** Replaces the session with the same id, or appends a new one. */
export function withSession(
  sessions: readonly ConsensusSession[],
  session: ConsensusSession,
): readonly ConsensusSession[] {
  const id = proposalIdOf(session);
  if (!sessions.some((old) => proposalIdOf(old) === id)) return [...sessions, session];
  return sessions.map((old) => (proposalIdOf(old) === id ? session : old));
}

/** Sessions without the one with this id. */
export function withoutSession(
  sessions: readonly ConsensusSession[],
  proposalId: number,
): readonly ConsensusSession[] {
  return sessions.filter((session) => proposalIdOf(session) !== proposalId);
}
