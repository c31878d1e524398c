import { proposalIdOf, withSession, type ConsensusSession } from "./consensus-session.js";
import type { ConsensusStorage } from "./consensus-storage.js";
import type { HashgraphSession } from "../hashgraph-session.js";
import type { HashgraphState } from "../hashgraph-state.js";

/** A step of the algorithm on the state of one proposal's session, and what came of it. */
export interface SessionStepped<R> {
  readonly state: HashgraphState;
  readonly result: R;
}

/** What came of a step, and how the session stood before it and after. */
export interface SteppedFrom<R> {
  readonly before: HashgraphSession["state"];
  readonly after: HashgraphSession["state"];
  readonly result: R;
}

/** A state of the algorithm that holds one session. */
export function stateOf({ hashgraph }: ConsensusSession): HashgraphState {
  return { sessions: [hashgraph] };
}

/** The one session that a state holds. */
export function sessionIn(state: HashgraphState): HashgraphSession {
  return state.sessions[0] as HashgraphSession;
}

/**
 * Keeps a session that is new, in the place of those that came first where there are too many.
 *
 * @returns Whether it is new.
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

/** Takes a step on a session as it is by now; `undefined` where it is not remembered. */
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
