import { bytesToHex, bytesToUtf8, utf8ToBytes, type RandomSource } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";
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
  /** SHA-256 of the record of the wrapped data key, in hex: one of a former secret opens the storage no more. */
  readonly key: string;
}

/** The head of a storage without records. @param keyRecord - the record of the wrapped data key. */
export function newHead(keyRecord: Uint8Array): Head {
  return withKeyRecord({ records: 0, sum: 0n, key: "" }, keyRecord);
}

export function withKeyRecord(head: Head, keyRecord: Uint8Array): Head {
  return { ...head, key: bytesToHex(sha256(keyRecord)) };
}

export function withMark(head: Head, mark: bigint): Head {
  return { ...head, records: head.records + 1, sum: (head.sum + mark) % MODULUS };
}

export function withoutMark(head: Head, mark: bigint): Head {
  return { ...head, records: head.records - 1, sum: (head.sum - mark + MODULUS) % MODULUS };
}

export function isSameHead(a: Head, b: Head): boolean {
  return a.records === b.records && a.sum === b.sum && a.key === b.key;
}

interface StoredHead {
  readonly records: number;
  readonly sum: string;
  readonly key: string;
}

export function sealHead(dataKey: Uint8Array, { records, sum, key }: Head, random: RandomSource): Uint8Array {
  const text = JSON.stringify({ records, sum: sum.toString(16).padStart(64, "0"), key });
  return seal(dataKey, PURPOSE, utf8ToBytes(text), random);
}

/** The head; `undefined` if the bytes were not sealed as one. */
export function openHead(dataKey: Uint8Array, sealed: Uint8Array): Head | undefined {
  const clear = open(dataKey, PURPOSE, sealed);
  if (clear === undefined) return undefined;
  const { records, sum, key } = JSON.parse(bytesToUtf8(clear) ?? "") as StoredHead;
  return { records, sum: BigInt(`0x${sum}`), key };
}
