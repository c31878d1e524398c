import { bytesToHex, DemlsError } from "@demls/wire/core";

/** Number of random bytes that {@link foldProposalId} and {@link uuidV4} take. */
export const ID_RANDOM_BYTES = 16;

/**
 * Random 32-bit id for a proposal or a vote: the four 32-bit words of a version 4 UUID, xor-ed, as in
 * hashgraph-like-consensus 0.4.0 (`generate_id`).
 *
 * @param random 16 fresh random bytes. The UUID's version and variant overwrite six bits of them.
 * @returns An unsigned 32-bit integer.
 * @throws DemlsError `invalid-random-bytes` for any other length.
 *
 * @example
 * ```ts
 * const proposalId = foldProposalId(random.bytes(ID_RANDOM_BYTES));
 * ```
 */
export function foldProposalId(random: Uint8Array): number {
  const words = new DataView(uuidBytes(random).buffer);
  const folded = words.getUint32(0) ^ words.getUint32(4) ^ words.getUint32(8) ^ words.getUint32(12);
  return folded >>> 0;
}

/**
 * Version 4 UUID in its usual spelling (RFC 9562, section 5.4), used by de-mls 3.0.0 to name proposals.
 *
 * @param random 16 fresh random bytes.
 * @throws DemlsError `invalid-random-bytes` for any other length.
 */
export function uuidV4(random: Uint8Array): string {
  return bytesToHex(uuidBytes(random)).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function uuidBytes(random: Uint8Array): Uint8Array {
  if (random.length !== ID_RANDOM_BYTES) {
    throw new DemlsError("invalid-random-bytes", {
      message: `An id is made from ${ID_RANDOM_BYTES} random bytes, not ${random.length}.`,
      field: "random",
      remedy: `Draw ${ID_RANDOM_BYTES} bytes from the injected random source.`,
    });
  }
  const bytes = Uint8Array.from(random);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return bytes;
}
