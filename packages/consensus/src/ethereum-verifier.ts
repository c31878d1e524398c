import { bytesEqual } from "@demls/wire/core";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { ADDRESS_BYTES, addressFromPublicKeyBytes } from "./ethereum-address.js";
import { canonicalSignature, parseSignature, personalMessageHash } from "./ethereum-signature.js";
import { canonicalOnly, type VerifyResult, type VoteVerifier } from "./signing.js";

/**
 * Recovers the public key of a secp256k1 signature. It takes at least nine tenths of a verification's time.
 *
 * @param hash 32 bytes, the hash that was signed.
 * @param signature 64 bytes: r and s, both from 1 to n-1, s in the lower half of the group order.
 * @param recovery The parity of R.y.
 * @returns The key's uncompressed SEC 1 encoding (65 bytes, the first of them 4). Return `undefined` or throw when
 * there is no key: when r is not an x-coordinate, or the key would be infinity. Any other result counts as no key. So a
 * function that returns compressed keys or promises makes every signature `malformed`.
 */
export type RecoverPublicKey = (
  hash: Uint8Array,
  signature: Uint8Array,
  recovery: 0 | 1,
) => Uint8Array | null | undefined;

/**
 * {@link ethereumVerifier} with key recovery by another library, such as one in WebAssembly. It gives the same verdicts
 * as the default, since key recovery has one correct result.
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
 * Verifies EIP-191 signatures by Ethereum address. Accepts every form that de-mls 3.0.0 accepts: v of 0/1, 27/28 or 35
 * and more, s in either half of the group order.
 */
export const ethereumVerifier: VoteVerifier = createEthereumVerifier((hash, signature, recovery) =>
  secp256k1.Signature.fromBytes(signature, "compact")
    .addRecoveryBit(recovery)
    .recoverPublicKey(hash)
    .toBytes(false),
);

/**
 * {@link ethereumVerifier} that rejects non-canonical signatures as malformed. Without the owner's key, a vote cannot
 * be given a second signature. For groups without members of de-mls 3.0.0.
 */
export const canonicalEthereumVerifier: VoteVerifier = Object.freeze(canonicalOnly(ethereumVerifier));

/** Other bytes have an address too, but no key belongs to it. */
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
