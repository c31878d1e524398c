import type { RandomSource } from "@demls/wire/core";
import { broken, expectEqual, type ContractCase } from "./contract-case.js";

/** Creates a random source under test. */
export type CreateRandom = () => RandomSource;

/** One more byte than `crypto.getRandomValues` of the platform may fill in one call. */
const MANY = 65_537;

/** Sample size. Each of the 256 values is expected 256 times, with a standard deviation of 16. */
const SAMPLE = 65_536;

/** Ten standard deviations: a sound source exceeds it once in 10^20 runs. */
const DEVIATION = 160;

/**
 * Contract of a `RandomSource`: it returns the requested number of bytes, different ones on every call, owned by the
 * caller. No test can check that they are unpredictable.
 *
 * @param create creates a source under test
 *
 * @example
 * ```ts
 * describe("my randomness", () => {
 *  for (const { name, run } of randomContract(() => myRandom)) test(name, run);
 * });
 * ```
 */
export function randomContract(create: CreateRandom): readonly ContractCase[] {
  return [
    {
      name: "returns the requested number of bytes",
      async run() {
        const random = create();
        for (const length of [0, 1, 2, 12, 32, MANY]) {
          expectEqual(random.bytes(length).length, length, "The length");
        }
      },
    },
    {
      name: "returns different bytes on every call",
      async run() {
        const random = create();
        const drawn = Array.from({ length: 100 }, () => random.bytes(16).join());
        expectEqual(new Set(drawn).size, drawn.length, "The number of different draws of 16 bytes");
      },
    },
    {
      name: "returns bytes that the caller owns",
      async run() {
        const random = create();
        const first = random.bytes(32);
        const kept = Uint8Array.from(first);
        const second = random.bytes(32);
        expectEqual(first, kept, "The first bytes, after another draw,");
        first.fill(0);
        if (second.every((byte) => byte === 0)) throw broken("Two draws share their memory.");
      },
    },
    {
      name: "returns every byte value about equally often, at every position",
      async run() {
        const counts = new Uint32Array(256);
        const bytes = create().bytes(SAMPLE + 32);
        for (const byte of bytes.subarray(0, SAMPLE)) counts[byte] = (counts[byte] ?? 0) + 1;
        const expected = SAMPLE / counts.length;
        const odd = counts.findIndex((count) => Math.abs(count - expected) > DEVIATION);
        if (odd >= 0)
          throw broken(`${SAMPLE} bytes hold ${odd} ${counts[odd]} times, and not about ${expected}.`);
        if (bytes.subarray(-32).every((byte) => byte === bytes.at(-1)))
          throw broken("The last bytes are all the same.");
      },
    },
  ];
}
