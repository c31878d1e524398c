/** Which generations of one sender are spent: a value. */
export interface Ratchet {
  /** The first generation that nobody has used. */
  readonly next: number;
  /** Generations below it that may still arrive, ascending. */
  readonly skipped: readonly number[];
}

/** A sender's two ratchets (RFC 9420 § 9): chat and votes on one, proposals and commits on the other. */
export interface Ratchets {
  readonly application: Ratchet;
  readonly handshake: Ratchet;
}

/** How many skipped generations stay usable, as in `@demls/mls`. */
const KEPT_GENERATIONS = 4;

/** How far a sender may jump forward at once, as in `@demls/mls`. */
const MAX_FORWARD_GENERATIONS = 1_000;

const FRESH: Ratchet = { next: 0, skipped: [] };

/** Where every sender begins in an epoch. */
export const FRESH_RATCHETS: Ratchets = { application: FRESH, handshake: FRESH };

/** Spends a generation that arrived. */
export function spend(
  { next, skipped }: Ratchet,
  generation: number,
): Ratchet | "replayed" | "too-far-ahead" {
  if (generation - next > MAX_FORWARD_GENERATIONS) return "too-far-ahead";
  if (generation >= next) {
    const passed = Array.from({ length: generation - next }, (_, i) => next + i);
    return { next: generation + 1, skipped: [...skipped, ...passed].slice(-KEPT_GENERATIONS) };
  }
  if (!skipped.includes(generation)) return "replayed";
  return { next, skipped: skipped.filter((other) => other !== generation) };
}

/** Spends the next generation oneself. */
export function take({ next, skipped }: Ratchet): { readonly generation: number; readonly ratchet: Ratchet } {
  return { generation: next, ratchet: { next: next + 1, skipped } };
}
