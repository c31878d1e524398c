import { bytesToHex } from "@demls/wire/core";

/**
 * Detects a sequence of cursors that repeats, without keeping them all: Brent's algorithm, which keeps one cursor and
 * replaces it after 1, 2, 4, … further ones. It notices a repetition within three times as many cursors as there are
 * different ones.
 */
export class RepeatedCursor {
  #kept: string | undefined;
  #sinceKept = 0;
  #keepFor = 1;

  /** Notes the next cursor, and returns whether it is the kept one. */
  isRepeatedBy(cursor: Uint8Array): boolean {
    const text = bytesToHex(cursor);
    if (text === this.#kept) return true;
    if (this.#kept === undefined) this.#kept = text;
    else if (++this.#sinceKept === this.#keepFor) {
      this.#kept = text;
      this.#sinceKept = 0;
      this.#keepFor *= 2;
    }
    return false;
  }
}
