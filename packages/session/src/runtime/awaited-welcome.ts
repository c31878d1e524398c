import { WELCOME_SUBTOPIC, type Packet } from "@demls/wire/core";
import { isActive, type ConversationState } from "../model/state.js";

/**
 * Whether a packet may be a welcome that consumes a key package. The conversations of a user share key packages, so the
 * steps of such packets run in the user's queue.
 */
export function mayBeAwaitedWelcome(state: ConversationState, { subtopic }: Packet): boolean {
  const isAwaited =
    state.phase === "pending-join" || (isActive(state) && state.rejoin.keyPackage !== undefined);
  return subtopic === WELCOME_SUBTOPIC && isAwaited;
}
