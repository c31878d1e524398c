/** Spent generations of one sender, as a value. */
export interface Ratchet {
  /** First unused generation. */
  readonly next: number;
  /** Skipped generations below it that may still arrive, ascending. */
  readonly skipped: readonly number[];
}

/** A sender's two ratchets (RFC 9420 § 9): application messages on one, handshake messages on the other. */
export interface Ratchets {
  readonly application: Ratchet;
  readonly handshake: Ratchet;
}

/** Number of skipped generations that stay usable on each ratchet, as in `@demls/mls`. */
const KEPT_GENERATIONS: Readonly<Record<keyof Ratchets, number>> = { application: 256, handshake: 4 };

/** Most generations that a sender may skip at once, as in `@demls/mls`. */
const MAX_FORWARD_GENERATIONS = 1_000;

const FRESH: Ratchet = { next: 0, skipped: [] };

/** Ratchets of every sender at the start of an epoch. */
export const FRESH_RATCHETS: Ratchets = { application: FRESH, handshake: FRESH };

/** Spends a received generation of the ratchet with this name. */
export function spend(
  ratchets: Ratchets,
  name: keyof Ratchets,
  generation: number,
): Ratchet | "replayed" | "too-far-ahead" {
  const { next, skipped } = ratchets[name];
  if (generation - next > MAX_FORWARD_GENERATIONS) return "too-far-ahead";
  if (generation >= next) {
    const passed = Array.from({ length: generation - next }, (_, i) => next + i);
    return { next: generation + 1, skipped: [...skipped, ...passed].slice(-KEPT_GENERATIONS[name]) };
  }
  if (!skipped.includes(generation)) return "replayed";
  return { next, skipped: skipped.filter((other) => other !== generation) };
}

/** Spends the next own generation. */
export function take({ next, skipped }: Ratchet): { readonly generation: number; readonly ratchet: Ratchet } {
  return { generation: next, ratchet: { next: next + 1, skipped } };
}
