import { concatBytes, hexToBytes } from "@demls/wire/core";

/**
 * An MLS PrivateMessage that anyone can forge: group id and epoch in plain text, and random bytes (RFC 9420, section
 * 6.3: version, wire format, group id, epoch, content type, three opaque fields).
 *
 * @param groupId - hex.
 */
export function encodeMlsHeader(groupId: string, epoch: bigint, noiseBytes = 16): Uint8Array {
  const id = hexToBytes(groupId) ?? new Uint8Array();
  const epochBytes = new Uint8Array(8);
  new DataView(epochBytes.buffer).setBigUint64(0, epoch);
  const noise = new Uint8Array(noiseBytes);
  return concatBytes(
    Uint8Array.of(0, 1, 0, 2),
    lengthPrefixed(id),
    epochBytes,
    Uint8Array.of(1),
    lengthPrefixed(new Uint8Array()),
    lengthPrefixed(Uint8Array.of(1)),
    lengthPrefixed(noise),
  );
}

/** A vector with its length in minimal encoding (RFC 9420, section 2.1.2). */
function lengthPrefixed(bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  if (length < 64) return concatBytes(Uint8Array.of(length), bytes);
  if (length < 16_384) return concatBytes(Uint8Array.of(0x40 | (length >> 8), length & 0xff), bytes);
  const prefix = Uint8Array.of(
    0x80 | (length >> 24),
    (length >> 16) & 0xff,
    (length >> 8) & 0xff,
    length & 0xff,
  );
  return concatBytes(prefix, bytes);
}
