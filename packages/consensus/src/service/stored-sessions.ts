import { proposalIdOf, withSession, type ConsensusSession } from "./consensus-session.js";
import type { ConsensusStorage } from "./consensus-storage.js";
import type { HashgraphSession } from "../hashgraph-session.js";
import type { HashgraphState } from "../hashgraph-state.js";

/** Step of the algorithm on one proposal's session, with its result. */
export interface SessionStepped<R> {
  readonly state: HashgraphState;
  readonly result: R;
}

/** Result of a step, and the session's state before and after it. */
export interface SteppedFrom<R> {
  readonly before: HashgraphSession["state"];
  readonly after: HashgraphSession["state"];
  readonly result: R;
}

/** State of the algorithm with one session. */
export function stateOf({ hashgraph }: ConsensusSession): HashgraphState {
  return { sessions: [hashgraph] };
}

/** The only session of a state. */
export function sessionIn(state: HashgraphState): HashgraphSession {
  return state.sessions[0] as HashgraphSession;
}

/**
 * Stores a new session and evicts the oldest above the limit.
 *
 * @returns Whether the session is new.
 */
export function keepSession(
  storage: ConsensusStorage,
  scope: string,
  session: ConsensusSession,
  maxSessions: number,
): Promise<boolean> {
  return storage.update(scope, (sessions) => {
    const isKnown = sessions.some((known) => proposalIdOf(known) === proposalIdOf(session));
    if (isKnown) return { sessions, result: false };
    return { sessions: withSession(sessions, session).slice(-maxSessions), result: true };
  });
}

/** Runs a step on the current session; `undefined` if it is not remembered. */
export function stepSession<R>(
  storage: ConsensusStorage,
  scope: string,
  proposalId: number,
  step: (state: HashgraphState) => SessionStepped<R>,
): Promise<SteppedFrom<R> | undefined> {
  return storage.update(scope, (sessions) => {
    const session = sessions.find((known) => proposalIdOf(known) === proposalId);
    if (session === undefined) return { sessions, result: undefined };
    const { state, result } = step(stateOf(session));
    const hashgraph = sessionIn(state);
    return {
      sessions: withSession(sessions, { ...session, hashgraph }),
      result: { before: session.hashgraph.state, after: hashgraph.state, result },
    };
  });
}
