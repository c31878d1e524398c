import { deserialize, serialize } from "node:v8";
import { crc32 } from "node:zlib";
import type { StorageOperation } from "@demls/wire/core";

/** Result of {@link readEntries}. */
export interface LogContent {
  /** The batches, in write order. */
  readonly batches: readonly (readonly StorageOperation[])[];
  /** Offset of the end of the last complete entry; the rest was truncated by a crash. */
  readonly length: number;
}

/** Header size: the payload length and the header's checksum, 4 bytes each. The payload and its checksum follow. */
const HEADER_BYTES = 8;
const CHECKSUM_BYTES = 4;

/** Encodes one batch as a log entry. */
export function encodeEntry(batch: readonly StorageOperation[]): Buffer {
  const payload = serialize(batch);
  const entry = Buffer.alloc(HEADER_BYTES + payload.length + CHECKSUM_BYTES);
  entry.writeUInt32LE(payload.length, 0);
  entry.writeUInt32LE(crc32(entry.subarray(0, 4)), 4);
  payload.copy(entry, HEADER_BYTES);
  entry.writeUInt32LE(crc32(payload), HEADER_BYTES + payload.length);
  return entry;
}

/**
 * Reads the entries of a log.
 *
 * Only the last entry can be incomplete, since each entry is on disk before the next one starts. It may be truncated,
 * have its length but miss a part, or be followed by zeros with which the file was extended. Any other unreadable
 * entry may precede further batches, which would be lost, so that the log counts as damaged.
 *
 * @returns `undefined` if the log is damaged.
 */
export function readEntries(log: Buffer): LogContent | undefined {
  const batches: (readonly StorageOperation[])[] = [];
  let length = 0;
  while (log.length - length >= HEADER_BYTES) {
    const header = log.subarray(length, length + HEADER_BYTES);
    const isHeader = header.readUInt32LE(4) === crc32(header.subarray(0, 4));
    const start = length + HEADER_BYTES;
    if (!isHeader) return log.subarray(start).every((byte) => byte === 0) ? { batches, length } : undefined;
    const end = start + header.readUInt32LE(0);
    const next = end + CHECKSUM_BYTES;
    if (next > log.length) break;
    const payload = log.subarray(start, end);
    if (log.readUInt32LE(end) !== crc32(payload)) {
      if (next === log.length) break;
      return undefined;
    }
    batches.push(deserialize(payload) as readonly StorageOperation[]);
    length = next;
  }
  return { batches, length };
}
