import { isBytes, isWellFormed, utf8ToBytes } from "@demls/wire/core";
import { invalidMessage } from "../runtime/conversation-errors.js";

/**
 * A copy of the message content as bytes.
 *
 * @throws DemlsError `invalid-message` unless it is text or bytes, and for text with a lone surrogate.
 */
export function messageBytes(content: string | Uint8Array): Uint8Array {
  if (isBytes(content)) return Uint8Array.from(content);
  if (typeof content !== "string") throw invalidMessage("must be text or bytes");
  if (!isWellFormed(content)) throw invalidMessage("must not contain a lone surrogate");
  return utf8ToBytes(content);
}
