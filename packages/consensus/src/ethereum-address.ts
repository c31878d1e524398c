import { bytesToHex, DemlsError, utf8ToBytes } from "@demls/wire/core";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";

/** Size of an Ethereum address in bytes. */
export const ADDRESS_BYTES = 20;

/**
 * Ethereum address of a secp256k1 public key: the last 20 bytes of the Keccak-256 of its coordinates.
 *
 * @param publicKey SEC 1 encoding, compressed (33 bytes) or not (65).
 * @throws DemlsError `invalid-public-key` when it is not a point on the curve.
 */
export function addressFromPublicKey(publicKey: Uint8Array): Uint8Array {
  try {
    return addressFromPublicKeyBytes(secp256k1.Point.fromBytes(publicKey).toBytes(false));
  } catch {
    throw new DemlsError("invalid-public-key", {
      message: "A public key is not a point on secp256k1.",
      field: "publicKey",
      remedy: "Pass the SEC 1 encoding: 33 bytes, or 65 starting with 4.",
    });
  }
}

/** Address of a valid point, given in its SEC 1 encoding of 65 bytes. */
export function addressFromPublicKeyBytes(publicKey: Uint8Array): Uint8Array {
  return keccak_256(publicKey.subarray(1)).slice(-ADDRESS_BYTES);
}

/**
 * Address for display: `0x` and 40 hex digits, with the upper-case checksum of EIP-55.
 *
 * @throws DemlsError `invalid-identity` when it is not 20 bytes.
 *
 * @example
 * ```ts
 * checksumAddress(signer.identity); // "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
 * ```
 */
export function checksumAddress(identity: Uint8Array): string {
  if (identity.length !== ADDRESS_BYTES) {
    throw new DemlsError("invalid-identity", {
      message: `An Ethereum address has ${ADDRESS_BYTES} bytes, not ${identity.length}.`,
      field: "identity",
      remedy: "Format identities of other schemes differently, for example as hex.",
    });
  }
  const digits = bytesToHex(identity);
  const hash = bytesToHex(keccak_256(utf8ToBytes(digits)));
  const checksummed = [...digits].map((digit, i) =>
    (hash[i] as string) >= "8" ? digit.toUpperCase() : digit,
  );
  return `0x${checksummed.join("")}`;
}
