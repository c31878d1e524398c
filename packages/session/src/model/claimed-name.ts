import { isWellFormed, utf8ToBytes } from "@demls/wire/core";

/** Maximum length of a claimed name in bytes of UTF-8. */
const MAX_CLAIMED_NAME_BYTES = 64;

/** Control characters, line breaks, and characters that change the order of the text around them. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/u;

/** A name as a member claims it; `undefined` if the text is not to be shown as a name. */
export function claimedName(text: string): string | undefined {
  if (text.trim() === "" || !isWellFormed(text) || UNSAFE.test(text)) return undefined;
  return utf8ToBytes(text).length <= MAX_CLAIMED_NAME_BYTES ? text : undefined;
}
