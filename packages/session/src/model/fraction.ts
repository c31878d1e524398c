import type { RandomSource } from "@demls/wire/core";

/** Uniform fraction in [0, 1). */
export function fraction(random: RandomSource): number {
  const [a = 0, b = 0, c = 0] = random.bytes(3);
  return ((a << 16) | (b << 8) | c) / 2 ** 24;
}
