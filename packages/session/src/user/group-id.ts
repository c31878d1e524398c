import { bytesToHex, DemlsError, hexToBytes } from "@demls/wire/core";
import { MAX_GROUP_ID_BYTES } from "../model/group-id.js";

/**
 * A group id in lower-case hex.
 *
 * @throws DemlsError `invalid-group-id` unless `groupId` is the hex of 1 to 255 bytes.
 */
export function checkedGroupId(groupId: string): string {
  const bytes = typeof groupId === "string" ? hexToBytes(groupId) : undefined;
  if (bytes !== undefined && bytes.length > 0 && bytes.length <= MAX_GROUP_ID_BYTES) return bytesToHex(bytes);
  throw new DemlsError("invalid-group-id", {
    message: `A group id is the hex of 1 to ${MAX_GROUP_ID_BYTES} bytes.`,
    field: "groupId",
    remedy: "Pass state.groupId of a member's conversation, or omit it.",
  });
}
