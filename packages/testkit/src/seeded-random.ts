import { DemlsError, type RandomSource } from "@demls/wire/core";

/** Reproducible random choices. See {@link createSeededRandom}. */
export interface SeededRandom extends RandomSource {
  /**
   * Integer from `min` to `max`, both included, uniformly distributed.
   *
   * @throws DemlsError `invalid-range` when an end is not a safe integer, `max` is below `min`, or the range holds more
   *   than 2^53 integers.
   */
  integer(min: number, max: number): number;
  /**
   * One element of `list`.
   *
   * @throws DemlsError `empty-list` when the list is empty.
   */
  pick<T>(list: readonly T[]): T;
  /** New array with the elements of `list` in random order. */
  shuffle<T>(list: readonly T[]): T[];
  /**
   * Another source, which depends only on this one's seed and on `label`, not on earlier draws or forks. With one fork
   * per simulated member, a member's choices stay the same when another member is added.
   */
  fork(label: string | number): SeededRandom;
}

/** 2^53, the number of integers that {@link draw53} returns. */
const DRAWS = 2 ** 53;

/**
 * Random source that gives the same bytes for the same seed on every machine. **Predictable: for tests and simulations
 * only, never for keys or ids that matter.**
 *
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand), its state filled from the seed.
 *
 * @param seed - any text or number; `7` and `"7"` are the same seed
 *
 * @example
 * ```ts
 * const random = createSeededRandom("the tea party");
 * random.bytes(16);
 * random.integer(1, 6);
 * random.fork("alice").shuffle(["a", "b", "c"]);
 * ```
 */
export function createSeededRandom(seed: string | number): SeededRandom {
  const next32 = sfc32(String(seed));

  function bytes(length: number): Uint8Array {
    const drawn = new Uint8Array(length);
    for (let i = 0; i < length; i++) drawn[i] = next32() >>> 24;
    return drawn;
  }

  function integer(min: number, max: number): number {
    const size = max - min + 1;
    if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || size < 1 || size > DRAWS) {
      throw invalidRange(min, max);
    }
    return min + (drawBelow(DRAWS - (DRAWS % size), next32) % size);
  }

  function pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw emptyList();
    return list[integer(0, list.length - 1)] as T;
  }

  function shuffle<T>(list: readonly T[]): T[] {
    const rest = [...list];
    return list.map(() => rest.splice(integer(0, rest.length - 1), 1)[0] as T);
  }

  return { bytes, integer, pick, shuffle, fork: (label) => createSeededRandom(`${seed}/${label}`) };
}

/** Repeats draws until one is below `limit`, so that its remainder is unbiased. */
function drawBelow(limit: number, next32: () => number): number {
  for (;;) {
    const draw = draw53(next32);
    if (draw < limit) return draw;
  }
}

function draw53(next32: () => number): number {
  return (next32() >>> 5) * 2 ** 26 + (next32() >>> 6);
}

/** Generator of unsigned 32-bit numbers. The first twelve are discarded, because they correlate with the seed. */
function sfc32(seed: string): () => number {
  let [a, b, c, counter] = [seedWord(seed, 1), seedWord(seed, 2), seedWord(seed, 3), 1];
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

/** FNV-1a over the seed's UTF-16 units, with a different start for each of the three words. */
function seedWord(seed: string, word: number): number {
  let hash = 0x811c9dc5 ^ word;
  for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193);
  return hash;
}

function invalidRange(min: number, max: number): DemlsError<"invalid-range"> {
  return new DemlsError("invalid-range", {
    message: `No integer can be drawn from the range ${min} to ${max}.`,
    field: "max",
    remedy: "Pass two safe integers, the smaller first, less than 2^53 apart.",
  });
}

function emptyList(): DemlsError<"empty-list"> {
  return new DemlsError("empty-list", {
    message: "The list is empty.",
    field: "list",
    remedy: "Pass a list with at least one element.",
  });
}
