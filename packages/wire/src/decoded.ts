import { DemlsError } from "./core/error.js";

/**
 * Maximum bytes of a message, unless a call sets another limit. A longer message is rejected unread.
 *
 * The limit bounds the cost of decoding. A claimed length or count allocates no memory. Every element of a repeated
 * field has at least two bytes, and every byte string is copied once.
 */
export const MAX_PACKET_BYTES = 1_048_576;

/**
 * Reason for rejecting bytes: `too-large` above the limit, `malformed` if prost 0.13.5, the reference's protobuf
 * library, rejects them.
 */
export type DecodeFailure = "too-large" | "malformed";

/** Result of decoding, which never throws for malformed bytes. */
export type Decoded<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: DecodeFailure };

/** Settings of a single decoding. */
export interface DecodeOptions {
  /**
   * Maximum bytes; longer input is `too-large` and not read.
   *
   * @default MAX_PACKET_BYTES
   */
  readonly maxBytes?: number;
}

/**
 * Returns the limit of `options`.
 *
 * @throws DemlsError `invalid-limit` if `maxBytes` is not a whole number of bytes.
 */
export function maxBytesOf(options: DecodeOptions): number {
  const { maxBytes = MAX_PACKET_BYTES } = options;
  if (Number.isSafeInteger(maxBytes) && maxBytes >= 0) return maxBytes;
  throw new DemlsError("invalid-limit", {
    message: "maxBytes is not a whole number of at least 0.",
    field: "maxBytes",
    remedy: "Pass a number of bytes, or leave it out for 1 MiB.",
  });
}
