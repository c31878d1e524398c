import type { ConversationState } from "../model/state.js";
import { snapshotOf, type ConversationSnapshot } from "../view/snapshot.js";
import { environmentOf, type DriverContext } from "./driver-context.js";

/** Function of the snapshot of a state, which creates it on demand, once for each state. */
export function createSnapshotCache(
  context: DriverContext,
): (state: ConversationState) => ConversationSnapshot {
  let cached: { readonly of: ConversationState; readonly value: ConversationSnapshot } | undefined;
  return (state) => {
    if (cached?.of !== state) cached = { of: state, value: snapshotOf(state, environmentOf(context)) };
    return cached.value;
  };
}
