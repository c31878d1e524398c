import { concatBytes } from "@demls/wire/core";

/** By the first two bits of a variable-size length (RFC 9420 § 2.1.2): its further bytes, and its least value. */
const LENGTHS = [
  [0, 0],
  [1, 0x40],
  [3, 0x4000],
] as const;

/** Encodes an unsigned integer in `length` bytes, most significant first. */
export function uint(value: number, length: 2 | 4): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes.subarray(4 - length);
}

/** Encodes an unsigned 64-bit integer, most significant byte first. */
export function uint64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}

/** Encodes a variable-size vector (RFC 9420 § 2.1.2) of less than 2^14 bytes: its length, then its bytes. */
export function vector(content: Uint8Array): Uint8Array {
  const { length } = content;
  const head = length < 0x40 ? Uint8Array.of(length) : uint(length + 0x4000, 2);
  return concatBytes(head, content);
}

/** Reader of the TLS presentation language. It throws a RangeError if bytes are missing or a length is not minimal. */
export class TlsReader {
  private position = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** Whether all bytes are read. */
  get isAtEnd(): boolean {
    return this.position === this.bytes.length;
  }

  /** Reads an unsigned integer of `length` bytes, at most four. */
  uint(length: number): number {
    return this.take(length).reduce((value, byte) => value * 256 + byte, 0);
  }

  /** Reads an unsigned 64-bit integer. */
  uint64(): bigint {
    return new DataView(this.take(8).buffer).getBigUint64(0);
  }

  /** Number of bytes that are read. */
  get count(): number {
    return this.position;
  }

  /** Reads a copy of all further bytes. */
  rest(): Uint8Array {
    return this.take(this.bytes.length - this.position);
  }

  /** Reads a copy of `length` bytes. */
  take(length: number): Uint8Array {
    const end = this.position + length;
    if (end > this.bytes.length) throw new RangeError("the bytes end too early");
    const taken = this.bytes.slice(this.position, end);
    this.position = end;
    return taken;
  }

  /** Reads a variable-size vector. */
  vector(): Uint8Array {
    const first = this.uint(1);
    const [extra, least] = LENGTHS[first >> 6] ?? [];
    if (extra === undefined || least === undefined) throw new RangeError("a length of eight bytes");
    const length = this.take(extra).reduce((value, byte) => value * 256 + byte, first & 0x3f);
    if (length < least) throw new RangeError("a length is longer than needed");
    return this.take(length);
  }
}
