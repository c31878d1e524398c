import { DemlsError } from "@demls/wire/core";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { addressFromPublicKeyBytes } from "./ethereum-address.js";
import { personalMessageHash, signatureToBytes, type ParsedSignature } from "./ethereum-signature.js";
import type { ConsensusSigner } from "./signing.js";

/** Signer that holds its key in memory. */
export interface EthereumSigner extends ConsensusSigner {
  /**
   * Signs by EIP-191 `personal_sign`, synchronously.
   *
   * @throws DemlsError `signer-closed` after {@link EthereumSigner.close}.
   */
  sign(message: Uint8Array): Uint8Array;
  /** Overwrites the key. Idempotent. */
  close(): void;
}

/**
 * Default signer: ECDSA over secp256k1, identified by the key's Ethereum address.
 *
 * Signatures are deterministic (RFC 6979) and canonical: r, s in the lower half, v 27 or 28.
 *
 * @param secretKey 32 bytes, 1 to n-1. Copied, so the caller may overwrite its own.
 * @throws DemlsError `invalid-secret-key` for another length or range. The error does not hold the key.
 *
 * @example
 * ```ts
 * const signer = createEthereumSigner(secretKey);
 * secretKey.fill(0);
 * try {
 *  const vote = withSignature(unsigned, signer.sign(unsigned.message));
 * } finally {
 *  signer.close();
 * }
 * ```
 */
export function createEthereumSigner(secretKey: Uint8Array): EthereumSigner {
  if (!secp256k1.utils.isValidSecretKey(secretKey)) {
    throw new DemlsError("invalid-secret-key", {
      message:
        "The secret key does not have 32 bytes, or is not from 1 to n-1, where n is the order of secp256k1.",
      field: "secretKey",
      remedy: "Pass 32 bytes from a key generator.",
    });
  }
  const key = Uint8Array.from(secretKey);
  const identity = addressFromPublicKeyBytes(secp256k1.getPublicKey(key, false));
  let open = true;
  return {
    identity,
    sign(message) {
      if (!open) throw closed();
      return signPersonal(message, key);
    },
    close() {
      open = false;
      key.fill(0);
    },
  };
}

function signPersonal(message: Uint8Array, key: Uint8Array): Uint8Array {
  const format = "recovered";
  const signed = secp256k1.sign(personalMessageHash(message), key, { prehash: false, format });
  return signatureToBytes(secp256k1.Signature.fromBytes(signed, format) as ParsedSignature);
}

function closed(): DemlsError<"signer-closed"> {
  return new DemlsError("signer-closed", {
    message: "The signer was closed and its key overwritten.",
    remedy: "Create another signer from the key.",
  });
}
