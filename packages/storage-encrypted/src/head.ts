import { bytesToUtf8, utf8ToBytes, type RandomSource } from "@demls/wire/core";
import { open, seal } from "./sealing.js";

const MODULUS = 1n << 256n;
const PURPOSE = "head";

/**
 * Authenticated summary of all records, sealed and written with each batch.
 *
 * The sum of the marks is a multiset hash: marks are outputs of a pseudorandom function whose key only the owner has,
 * and the sum is never seen in the clear, so no other set of sealed records, such as one with an older version of a
 * record, has the same sum but by chance.
 */
export interface Head {
  readonly records: number;
  /** Sum of the marks of all records, modulo 2^256. */
  readonly sum: bigint;
}

export const NEW_HEAD: Head = { records: 0, sum: 0n };

export function withMark({ records, sum }: Head, mark: bigint): Head {
  return { records: records + 1, sum: (sum + mark) % MODULUS };
}

export function withoutMark({ records, sum }: Head, mark: bigint): Head {
  return { records: records - 1, sum: (sum - mark + MODULUS) % MODULUS };
}

export function isSameHead(a: Head, b: Head): boolean {
  return a.records === b.records && a.sum === b.sum;
}

export function sealHead(dataKey: Uint8Array, { records, sum }: Head, random: RandomSource): Uint8Array {
  const text = JSON.stringify({ records, sum: sum.toString(16).padStart(64, "0") });
  return seal(dataKey, PURPOSE, utf8ToBytes(text), random);
}

/** The head; `undefined` if the bytes were not sealed as one. */
export function openHead(dataKey: Uint8Array, sealed: Uint8Array): Head | undefined {
  const clear = open(dataKey, PURPOSE, sealed);
  if (clear === undefined) return undefined;
  const { records, sum } = JSON.parse(bytesToUtf8(clear) ?? "") as { records: number; sum: string };
  return { records, sum: BigInt(`0x${sum}`) };
}
