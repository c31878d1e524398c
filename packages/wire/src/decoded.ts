import { DemlsError } from "./core/error.js";

/**
 * The most bytes of a message, unless a call says otherwise: 1 MiB.
 *
 * It bounds what decoding costs: nothing is allocated by a claimed length or count, every element of a
 * repeated field takes at least two bytes of the packet, and every byte string is copied once.
 */
export const MAX_PACKET_BYTES = 1_048_576;

/**
 * Why bytes are not a message: longer than the limit, or not what prost 0.13.5 (the reference's protobuf
 * library) would accept.
 */
export type DecodeFailure = "too-large" | "malformed";

/** What decoding yields. It never throws for what the bytes hold. */
export type Decoded<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: DecodeFailure };

/** Settings of a single decoding. */
export interface DecodeOptions {
  /**
   * The most bytes that are looked at; longer input is `too-large`.
   *
   * @default MAX_PACKET_BYTES
   */
  readonly maxBytes?: number;
}

/**
 * The limit that `options` set.
 *
 * @throws DemlsError `invalid-limit` where `maxBytes` is not a whole number of bytes.
 */
export function maxBytesOf(options: DecodeOptions): number {
  const { maxBytes = MAX_PACKET_BYTES } = options;
  if (Number.isSafeInteger(maxBytes) && maxBytes >= 0) return maxBytes;
  throw new DemlsError("invalid-limit", {
    message: "The limit of bytes is not a whole number from 0 up.",
    field: "maxBytes",
    remedy: "Pass a number of bytes, or leave it out for 1 MiB.",
  });
}
