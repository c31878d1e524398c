import { isWellFormed, utf8ToBytes } from "./bytes.js";

/** Maximum length of a claimed name in bytes of UTF-8. */
export const MAX_CLAIMED_NAME_BYTES = 64;

/**
 * Control characters, line breaks, and characters that cannot be seen or that change the order of the text around them.
 * The joiners of some scripts and emoji, U+200C and U+200D, are allowed.
 */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]|(?![\u200c\u200d])\p{Cf}/u;

/** A character that can be seen. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/**
 * The text, if a member can claim it as its name: 1 to 64 bytes of UTF-8 with a visible character, without control characters,
 * line breaks, and characters that are invisible or change the direction of writing. `undefined` for any other text.
 */
export function claimedName(text: string): string | undefined {
  if (!VISIBLE.test(text) || !isWellFormed(text) || UNSAFE.test(text)) return undefined;
  return utf8ToBytes(text).length <= MAX_CLAIMED_NAME_BYTES ? text : undefined;
}
