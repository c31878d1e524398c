/** Smallest score: scores are signed 64-bit integers, as on the wire and in de-mls 3.0.0. */
export const MIN_SCORE = -(2n ** 63n);
/** Largest score. See {@link MIN_SCORE}. */
export const MAX_SCORE = 2n ** 63n - 1n;

/** Whether `value` is a bigint in the range of scores. */
export function fitsInt64(value: unknown): value is bigint {
  return typeof value === "bigint" && value >= MIN_SCORE && value <= MAX_SCORE;
}

/** Clamps `value` to the range of scores. */
export function saturateInt64(value: bigint): bigint {
  if (value < MIN_SCORE) return MIN_SCORE;
  return value > MAX_SCORE ? MAX_SCORE : value;
}
