import { bytesEqual } from "@demls/wire/core";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { ADDRESS_BYTES, addressFromPublicKeyBytes } from "./ethereum-address.js";
import { canonicalSignature, parseSignature, personalMessageHash } from "./ethereum-signature.js";
import { canonicalOnly, type VerifyResult, type VoteVerifier } from "./signing.js";

/**
 * Recovers the public key that has made a signature over secp256k1: the costly part of a verification, nine tenths of
 * it and more.
 *
 * @param hash 32 bytes: what was signed.
 * @param signature 64 bytes: r and s, both from 1 to n-1, s in the lower half of the group order.
 * @param recovery The parity of R.y.
 * @returns The key's SEC 1 encoding, not compressed (65 bytes, the first of them 4); where there is none, because r is
 *   no x-coordinate or the key would be infinity, nothing, or an exception. Whatever else it returns is taken for
 *   nothing: with a compressed key, or with a promise of one, every signature is `malformed`.
 */
export type RecoverPublicKey = (
  hash: Uint8Array,
  signature: Uint8Array,
  recovery: 0 | 1,
) => Uint8Array | null | undefined;

/**
 * As {@link ethereumVerifier}, with the recovery of keys by another library: one in WebAssembly, say. It judges as the
 * default does, since all that is left to the library has one right answer.
 *
 * @example
 * ```ts
 * const verifier = createEthereumVerifier((hash, signature, recovery) => recover(hash, signature, recovery, false));
 * const alice = await createUser({ key, transport, plugins: { verifier } });
 * ```
 */
export function createEthereumVerifier(recover: RecoverPublicKey): VoteVerifier {
  return Object.freeze({
    canonicalForm: canonicalSignature,
    verify(identity: Uint8Array, message: Uint8Array, signature: Uint8Array): VerifyResult {
      const parsed = parseSignature(signature);
      if (parsed === undefined || identity.length !== ADDRESS_BYTES) return "malformed";
      const compact = parsed.toBytes("compact");
      const publicKey = attempt(() => recover(personalMessageHash(message), compact, parsed.recovery));
      if (!isUncompressed(publicKey)) return "malformed";
      return bytesEqual(addressFromPublicKeyBytes(publicKey), identity) ? "valid" : "invalid";
    },
  });
}

/**
 * Verifies EIP-191 signatures by Ethereum addresses, accepting every form that de-mls 3.0.0 accepts: v of
 * 0/1, 27/28 or 35 and more, s in either half of the group order.
 */
export const ethereumVerifier: VoteVerifier = createEthereumVerifier((hash, signature, recovery) =>
  secp256k1.Signature.fromBytes(signature, "compact")
    .addRecoveryBit(recovery)
    .recoverPublicKey(hash)
    .toBytes(false),
);

/**
 * As {@link ethereumVerifier}, but a signature that is not in its canonical form is malformed, so that nobody
 * can give a vote a second signature without its owner's key. For groups without members of de-mls 3.0.0.
 */
export const canonicalEthereumVerifier: VoteVerifier = Object.freeze(canonicalOnly(ethereumVerifier));

/** Other bytes would have an address too, one that nobody holds the key of. */
function isUncompressed(publicKey: unknown): publicKey is Uint8Array {
  return publicKey instanceof Uint8Array && publicKey.length === 65 && publicKey[0] === 4;
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
