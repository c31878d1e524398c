import { claimedName } from "@demls/wire/core";

/** Whether a claimed name may have each character: none breaks a line, is invisible or turns the writing. */
export function isPrintable(text: string): boolean {
  // The letter makes each a name that can be seen.
  return Array.from(text).every((character) => claimedName(`x${character}`) !== undefined);
}
