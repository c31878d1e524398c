import type { HashgraphSession } from "./hashgraph-session.js";

/** Sessions of one conversation in order of arrival, as plain data. */
export interface HashgraphState {
  readonly sessions: readonly HashgraphSession[];
}

/** State without sessions. */
export const EMPTY_STATE: HashgraphState = Object.freeze({ sessions: Object.freeze([]) });

/** Session with this proposal id. */
export function findSession(state: HashgraphState, proposalId: number): HashgraphSession | undefined {
  return state.sessions.find((session) => session.proposal.proposalId === proposalId);
}

/**
 * State with one more session, after evicting the oldest sessions, or the oldest decided ones.
 *
 * The reference orders sessions by the wall-clock second of opening. If the clock steps back, that order would evict
 * the session just opened.
 */
export function addSession(
  state: HashgraphState,
  session: HashgraphSession,
  maxSessions: number,
  keepsActive: boolean,
): HashgraphState {
  const sessions = [...state.sessions, session];
  const mayGo = keepsActive ? sessions.filter((kept) => kept.state !== "active") : sessions;
  const displaced = new Set(mayGo.slice(0, Math.max(0, sessions.length - maxSessions)));
  return { sessions: sessions.filter((kept) => !displaced.has(kept)) };
}

/** Replaces the session with the same proposal id. Returns the same value if it did not change. */
export function replaceSession(state: HashgraphState, session: HashgraphSession): HashgraphState {
  const { proposalId } = session.proposal;
  if (findSession(state, proposalId) === session) return state;
  const sessions = state.sessions.map((old) => (old.proposal.proposalId === proposalId ? session : old));
  return { sessions };
}

/** State without the session of this proposal id. */
export function removeSession(state: HashgraphState, proposalId: number): HashgraphState {
  if (findSession(state, proposalId) === undefined) return state;
  return { sessions: state.sessions.filter((session) => session.proposal.proposalId !== proposalId) };
}
