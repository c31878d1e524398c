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

/** With one session more, and without those that it displaces. */
export function addSession(
  state: HashgraphState,
  session: HashgraphSession,
  maxSessions: number,
): HashgraphState {
  return keepNewest({ sessions: [...state.sessions, session] }, maxSessions);
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

/**
 * The sessions created last. Of those created in the same second the ones that came last are kept; the
 * reference, which sorts a hash map by the second, keeps any of them.
 */
function keepNewest(state: HashgraphState, maxSessions: number): HashgraphState {
  if (state.sessions.length <= maxSessions) return state;
  const newestFirst = [...state.sessions.entries()].sort(
    ([i, a], [j, b]) => Number(b.createdAtSeconds - a.createdAtSeconds) || j - i,
  );
  const kept = new Set(newestFirst.slice(0, maxSessions).map(([, session]) => session));
  return { sessions: state.sessions.filter((session) => kept.has(session)) };
}
