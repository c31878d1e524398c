import { bytesEqual } from "@demls/wire/core";
import { ADDRESS_BYTES, addressFromPoint } from "./ethereum-address.js";
import {
  canonicalSignature,
  parseSignature,
  personalMessageHash,
  type ParsedSignature,
} from "./ethereum-signature.js";
import { canonicalOnly, type VerifyResult, type VoteVerifier } from "./signing.js";

/**
 * Verifies EIP-191 signatures by Ethereum addresses, accepting every form that de-mls 3.0.0 accepts: v of
 * 0/1, 27/28 or 35 and more, s in either half of the group order.
 */
export const ethereumVerifier: VoteVerifier = Object.freeze({ verify, canonicalForm: canonicalSignature });

/**
 * As {@link ethereumVerifier}, but a signature that is not in its canonical form is malformed, so that nobody
 * can give a vote a second signature without its owner's key. For groups without members of de-mls 3.0.0.
 */
export const canonicalEthereumVerifier: VoteVerifier = Object.freeze(canonicalOnly(ethereumVerifier));

function verify(identity: Uint8Array, message: Uint8Array, signature: Uint8Array): VerifyResult {
  const parsed = parseSignature(signature);
  if (parsed === undefined || identity.length !== ADDRESS_BYTES) return "malformed";
  const signerAddress = recoverAddress(message, parsed);
  if (signerAddress === undefined) return "malformed";
  return bytesEqual(signerAddress, identity) ? "valid" : "invalid";
}

/** `undefined` where no key can have made it: r is no x-coordinate, or the key would be infinity. */
function recoverAddress(message: Uint8Array, signature: ParsedSignature): Uint8Array | undefined {
  try {
    return addressFromPoint(signature.recoverPublicKey(personalMessageHash(message)));
  } catch {
    return undefined;
  }
}
