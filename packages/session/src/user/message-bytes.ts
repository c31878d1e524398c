import { isBytes, isWellFormed, utf8ToBytes } from "@demls/wire/core";
import { invalidMessage } from "../runtime/conversation-errors.js";

/**
 * A copy of what is to be sent, as bytes.
 *
 * @throws DemlsError `invalid-message` for what is neither text nor bytes, and for half of a surrogate pair.
 */
export function messageBytes(content: string | Uint8Array): Uint8Array {
  if (isBytes(content)) return Uint8Array.from(content);
  if (typeof content !== "string") throw invalidMessage("is text or bytes");
  if (!isWellFormed(content)) throw invalidMessage("may not hold half of a surrogate pair");
  return utf8ToBytes(content);
}
