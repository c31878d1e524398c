import { deserialize, serialize } from "node:v8";
import { crc32 } from "node:zlib";
import type { StorageOperation } from "@demls/wire/core";

/** What {@link readEntries} finds. */
export interface LogContent {
  /** The batches, in the order of writing. */
  readonly batches: readonly (readonly StorageOperation[])[];
  /** Bytes up to the end of the last whole entry; what follows was torn off by the end of a process. */
  readonly length: number;
}

/** Length of the payload and its checksum, each 4 bytes: an entry is this, the payload, and its checksum. */
const HEADER_BYTES = 8;
const CHECKSUM_BYTES = 4;

/** One batch as an entry of the log. */
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
 * Only the last entry can be torn, since each is on the disk before the next is begun. So it ends early, or is
 * whole in length with a part of it missing, or the file was lengthened by zeros of which but a part was filled.
 * Anything else that cannot be read may have batches behind it, which would be lost: there is no reading on.
 *
 * @returns `undefined` where the log is damaged.
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
