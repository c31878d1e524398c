import { ed25519 } from "@noble/curves/ed25519.js";

type Point = InstanceType<typeof ed25519.Point>;

/**
 * The point of an Ed25519 public key, for which nobody but a holder of its secret key finds signatures.
 *
 * OpenSSL would also accept other encodings of a point, and keys of small order, of which anyone finds signatures. Both
 * implementations check this, so that all members judge alike.
 *
 * @throws Error if the key is no canonical encoding of a point, or the point has small order.
 */
export function signerPoint(publicKey: Uint8Array): Point {
  const point = ed25519.Point.fromBytes(publicKey);
  if (point.isSmallOrder()) throw new Error("The public key has small order.");
  return point;
}
