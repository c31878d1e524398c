import { KeyPackageFormatError } from "./model.js";

/** Cursor over TLS presentation language (RFC 9420 § 2.1). No read goes past the end of the bytes. */
export interface TlsReader {
  uint16(): number;
  uint64(): bigint;
  uint8(): number;
  /** `opaque<V>`, copied. */
  opaque(): Uint8Array;
  /** `T<V>`: reads items up to the end of the vector. */
  vector<T>(item: (reader: TlsReader) => T): T[];
  /** Whether all bytes have been read. */
  done(): boolean;
}

/** Reader at the start of `bytes`. Its methods throw when the bytes end early. */
export function tlsReader(bytes: Uint8Array): TlsReader {
  let offset = 0;

  const take = (length: number): Uint8Array => {
    if (length > bytes.length - offset) throw new KeyPackageFormatError("The bytes end early.");
    offset += length;
    return bytes.subarray(offset - length, offset);
  };
  const unsigned = (length: number): bigint =>
    take(length).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  // QUIC variable-length integers of 1, 2 or 4 bytes, in their shortest encoding only.
  const vectorLength = (): number => {
    const first = Number(unsigned(1));
    const extra = [0, 1, 3][first >> 6];
    if (extra === undefined) throw new KeyPackageFormatError("A vector's length takes more than 4 bytes.");
    const length = Number((BigInt(first & 0x3f) << BigInt(8 * extra)) | unsigned(extra));
    if (extra > 0 && length < (extra === 1 ? 0x40 : 0x4000))
      throw new KeyPackageFormatError("A vector's length is not in its shortest form.");
    return length;
  };

  return {
    uint8: () => Number(unsigned(1)),
    uint16: () => Number(unsigned(2)),
    uint64: () => unsigned(8),
    opaque: () => Uint8Array.from(take(vectorLength())),
    vector(item) {
      const inner = tlsReader(take(vectorLength()));
      const items = [];
      while (!inner.done()) items.push(item(inner));
      return items;
    },
    done: () => offset === bytes.length,
  };
}
