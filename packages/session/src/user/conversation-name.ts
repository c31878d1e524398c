import { DemlsError, isWellFormed, utf8ToBytes } from "@demls/wire/core";

/** MLS group ids and topics carry the name; longer ones serve nobody. */
const MAX_NAME_BYTES = 255;

/** @throws DemlsError `invalid-conversation-name` for what is no text of 1 to 255 bytes of UTF-8. */
export function checkConversationName(name: string): void {
  if (typeof name === "string" && isWellFormed(name)) {
    const { length } = utf8ToBytes(name);
    if (length > 0 && length <= MAX_NAME_BYTES) return;
  }
  throw new DemlsError("invalid-conversation-name", {
    message: `A conversation's name has 1 to ${MAX_NAME_BYTES} bytes of UTF-8.`,
    field: "name",
    remedy: "Give a name that is neither empty nor longer, cut between code points.",
  });
}
