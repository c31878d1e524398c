import { DemlsError, isWellFormed, utf8ToBytes } from "@demls/wire/core";

/** Maximum length of a name in bytes. MLS group ids and topics carry the name. */
const MAX_NAME_BYTES = 255;

/** @throws DemlsError `invalid-conversation-name` unless `name` is text of 1 to 255 bytes of UTF-8. */
export function checkConversationName(name: string): void {
  if (typeof name === "string" && isWellFormed(name)) {
    const { length } = utf8ToBytes(name);
    if (length > 0 && length <= MAX_NAME_BYTES) return;
  }
  throw new DemlsError("invalid-conversation-name", {
    message: `A conversation name has 1 to ${MAX_NAME_BYTES} bytes of UTF-8.`,
    field: "name",
    remedy: "Pass a non-empty name, and truncate long names between code points.",
  });
}
