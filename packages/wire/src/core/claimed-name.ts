import { isWellFormed, utf8ToBytes } from "./bytes.js";

/** Maximum length of a claimed name in bytes of UTF-8. */
export const MAX_CLAIMED_NAME_BYTES = 64;

/** Control characters, line breaks, and characters that change the order of the text around them. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/**
 * The text, if a member can claim it as its name: 1 to 64 bytes of UTF-8, not only spaces, without control characters, line
 * breaks and characters that change the direction of writing. `undefined` for any other text.
 */
export function claimedName(text: string): string | undefined {
  if (text.trim() === "" || !isWellFormed(text) || UNSAFE.test(text)) return undefined;
  return utf8ToBytes(text).length <= MAX_CLAIMED_NAME_BYTES ? text : undefined;
}
