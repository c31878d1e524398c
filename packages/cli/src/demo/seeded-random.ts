import type { RandomSource } from "demls";

/** A deterministic random source. It is predictable, so that the keys of a demo protect nothing. */
export interface SeededRandom extends RandomSource {
  /** Returns a new array with the elements of `list` in random order. */
  shuffle<T>(list: readonly T[]): T[];
  /** Creates a source that depends only on this one's seed and on `label`. */
  fork(label: string): SeededRandom;
}

export function createSeededRandom(seed: string): SeededRandom {
  const next = mulberry32(hash32(seed));
  return {
    bytes: (length) => Uint8Array.from({ length }, () => next() >>> 24),
    shuffle(list) {
      const rest = [...list];
      return list.flatMap(() => rest.splice(next() % rest.length, 1));
    },
    fork: (label) => createSeededRandom(`${seed}/${label}`),
  };
}

/** Generator of unsigned 32-bit numbers (Tommy Ettinger's mulberry32). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** FNV-1a over the code points of the text. */
function hash32(text: string): number {
  return [...text].reduce(
    (hash, character) => Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193),
    0x811c9dc5,
  );
}
