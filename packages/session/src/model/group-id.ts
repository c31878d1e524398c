import type { BoundGroup } from "@demls/mls";
import { bytesToHex } from "@demls/wire/core";
import { isActive, type ConversationState } from "./state.js";
import type { LiveTransaction } from "./transaction.js";

/** Maximum length of a group id in bytes. In the mode de-mls-3 it is the name. */
export const MAX_GROUP_ID_BYTES = 255;

/**
 * Whether a packet with this MLS group id is of another group under the conversation's name. A joiner that knows the
 * name alone accepts any group until it has joined one.
 */
export function isOtherGroup({ state }: LiveTransaction, groupId: string): boolean {
  const own = isActive(state) ? state.group.groupId : state.joining.groupId;
  return own !== undefined && own !== groupId;
}

/** The group that key packages of this member are for: its own, or the one that it asks to join. */
export function boundGroupOf(state: ConversationState): BoundGroup {
  if (isActive(state)) return { name: state.name, groupId: state.group.groupId };
  return {
    name: state.name,
    groupId: state.phase === "pending-join" ? state.joining.groupId : undefined,
  };
}

/** As {@link isOtherGroup}, for an id in bytes; `false` if the packet names none. */
export function namesOtherGroup(tx: LiveTransaction, groupId: Uint8Array | undefined): boolean {
  return groupId !== undefined && isOtherGroup(tx, bytesToHex(groupId));
}
