import type { HashgraphSession } from "./hashgraph-session.js";

/** One conversation's sessions, in the order in which they came: plain data. */
export interface HashgraphState {
  readonly sessions: readonly HashgraphSession[];
}

/** No session. */
export const EMPTY_STATE: HashgraphState = Object.freeze({ sessions: Object.freeze([]) });

/** The session with this proposal id. */
export function findSession(state: HashgraphState, proposalId: number): HashgraphSession | undefined {
  return state.sessions.find((session) => session.proposal.proposalId === proposalId);
}

/**
 * With one session more, and without those that it displaces: the ones that came first, or of those only the ones
 * that are over.
 *
 * The reference goes by the wall clock's second of opening, which is the same order unless that clock steps
 * back: then it would displace the very session that it has just opened, which nobody could vote on any more.
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

/** With the session of the same proposal id replaced. The same value where it did not change. */
export function replaceSession(state: HashgraphState, session: HashgraphSession): HashgraphState {
  const { proposalId } = session.proposal;
  if (findSession(state, proposalId) === session) return state;
  const sessions = state.sessions.map((old) => (old.proposal.proposalId === proposalId ? session : old));
  return { sessions };
}

/** Without the session of this proposal id. */
export function removeSession(state: HashgraphState, proposalId: number): HashgraphState {
  if (findSession(state, proposalId) === undefined) return state;
  return { sessions: state.sessions.filter((session) => session.proposal.proposalId !== proposalId) };
}
