import { bytesToHex } from "@demls/wire/core";

/**
 * U coordinates of the points of small order on Curve25519 and its twist, little-endian with the top bit clear.
 * Includes the two non-canonical encodings that decoders accept (u = p and u = p + 1).
 */
const SMALL_ORDER_U = new Set([
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]);

/**
 * Whether an X25519 public key can be encrypted to: it is 32 bytes, and its shared secrets are not all zeros. Every
 * implementation rejects an all-zero secret (RFC 9180 § 7.1.4). A trial encryption would cost two scalar
 * multiplications.
 */
export function canEncryptTo(publicKey: Uint8Array): boolean {
  if (publicKey.length !== 32) return false;
  const masked = Uint8Array.from(publicKey);
  // RFC 7748 § 5: the top bit is ignored.
  masked[31] = (masked[31] ?? 0) & 0x7f;
  return !SMALL_ORDER_U.has(bytesToHex(masked));
}
