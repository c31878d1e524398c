import { bytesToUtf8, utf8ToBytes } from "@demls/wire/core";
import { CHECKSUM_BYTES, checksumOf } from "./checked-value.js";

/** Layout of the records. */
export const FORMAT = 1;

/** Sums are modulo this. */
export const MODULUS = 1n << BigInt(8 * CHECKSUM_BYTES);

/**
 * Summary of a store, written with each batch. Any records that are not exactly those after some batch, such as half of
 * one or all but a lost file, have another number or sum of checksums.
 */
export interface Head {
  readonly format: number;
  /** Batches since the store was made. */
  readonly batches: number;
  readonly records: number;
  /** Sum of the records' checksums. */
  readonly sum: bigint;
}

export const NEW_HEAD: Head = { format: FORMAT, batches: 0, records: 0, sum: 0n };

/** The head with one record more. */
export function withRecord(head: Head, stored: Uint8Array): Head {
  return { ...head, records: head.records + 1, sum: (head.sum + checksumOf(stored)) % MODULUS };
}

/** The head with one record less. */
export function withoutRecord(head: Head, stored: Uint8Array): Head {
  return { ...head, records: head.records - 1, sum: (head.sum - checksumOf(stored) + MODULUS) % MODULUS };
}

export function encodeHead({ format, batches, records, sum }: Head): Uint8Array {
  return utf8ToBytes(JSON.stringify({ format, batches, records, sum: sum.toString(16) }));
}

/** The head in these bytes; `undefined` if they are damaged. Of a later format only `format` can be relied on. */
export function decodeHead(bytes: Uint8Array): Head | undefined {
  try {
    const { format, batches, records, sum } = JSON.parse(bytesToUtf8(bytes) ?? "") as Record<string, unknown>;
    if (!isCount(format)) return undefined;
    if (format > FORMAT) return { ...NEW_HEAD, format };
    if (!isCount(batches) || !isCount(records) || typeof sum !== "string") return undefined;
    return { format, batches, records, sum: BigInt(`0x${sum}`) };
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
