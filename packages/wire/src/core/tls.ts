import { concatBytes } from "./bytes.js";

/** By the first two bits of a variable-size length (RFC 9420 § 2.1.2): its further bytes, and its least value. */
const LENGTHS = [
  [0, 0],
  [1, 0x40],
  [3, 0x4000],
] as const;

/** Unsigned integer of `length` bytes, most significant first. */
export function tlsUint(value: number, length: 1 | 2 | 4): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes.subarray(4 - length);
}

/** Unsigned 64-bit integer, most significant byte first. */
export function tlsUint64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}

/** Variable-size vector (RFC 9420 § 2.1.2) of less than 2^30 bytes: its length, then the parts. */
export function tlsVector(...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return concatBytes(vectorLength(length), ...parts);
}

function vectorLength(length: number): Uint8Array {
  if (length < 0x40) return tlsUint(length, 1);
  return length < 0x4000 ? tlsUint(length + 0x4000, 2) : tlsUint(length + 0x8000_0000, 4);
}

/**
 * Reader of the TLS presentation language (RFC 9420 § 2.1).
 *
 * Its methods throw a `RangeError` if the bytes end too early, or a length is not in its shortest form. All that they
 * return is a copy.
 */
export class TlsReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Number of bytes that are read. */
  get count(): number {
    return this.#position;
  }

  /** Whether all bytes are read. */
  get isAtEnd(): boolean {
    return this.#position === this.#bytes.length;
  }

  /** Reads an unsigned integer of `length` bytes, at most four. */
  uint(length: number): number {
    return this.take(length).reduce((value, byte) => value * 256 + byte, 0);
  }

  /** Reads an unsigned 64-bit integer. */
  uint64(): bigint {
    return new DataView(this.take(8).buffer).getBigUint64(0);
  }

  /** Reads a variable-size vector of bytes, `opaque<V>`. */
  vector(): Uint8Array {
    const first = this.uint(1);
    const [extra, least] = LENGTHS[first >> 6] ?? [];
    if (extra === undefined || least === undefined) throw new RangeError("a length of eight bytes");
    const length = this.take(extra).reduce((value, byte) => value * 256 + byte, first & 0x3f);
    if (length < least) throw new RangeError("a length is longer than needed");
    return this.take(length);
  }

  /** Reads a variable-size vector of items, `T<V>`. */
  items<T>(item: (reader: TlsReader) => T): readonly T[] {
    const inner = new TlsReader(this.vector());
    const items: T[] = [];
    while (!inner.isAtEnd) items.push(item(inner));
    return items;
  }

  /** Reads `length` bytes. */
  take(length: number): Uint8Array {
    const end = this.#position + length;
    if (end > this.#bytes.length) throw new RangeError("the bytes end too early");
    const taken = this.#bytes.slice(this.#position, end);
    this.#position = end;
    return taken;
  }

  /** Reads all further bytes. */
  rest(): Uint8Array {
    return this.take(this.#bytes.length - this.#position);
  }
}
