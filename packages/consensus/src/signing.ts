import { bytesEqual } from "@demls/wire/core";

/**
 * Signer of this member's votes, and once of its `identityStatement`. May be a wallet that prompts its owner: the
 * conversation continues meanwhile.
 *
 * The counterpart of an instance of `ConsensusSignatureScheme` in hashgraph-like-consensus 0.4.0. All members of a
 * conversation must use the same scheme.
 */
export interface ConsensusSigner {
  /** Identity bytes, used as `voteOwner`; by default a 20-byte Ethereum address. Must not be mutated. */
  readonly identity: Uint8Array;
  /**
   * Signs `message`, the bytes of `UnsignedVote.message` or of `identityStatement`, by the scheme's own rule. In
   * the default scheme, that is EIP-191 `personal_sign`: the signer adds the prefix, so a wallet can be called directly.
   *
   * @returns The signature in its canonical form; see `canonicalSignature` for wallets.
   * @throws when the owner declines or the device is unavailable.
   */
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/**
 * Result of verifying a signature: `valid`; `invalid` when it is well-formed, but not this identity's signature over
 * this message; `malformed` when the identity or the signature cannot be read.
 */
export type VerifyResult = "valid" | "invalid" | "malformed";

/**
 * Verifier of other members' votes and identity statements. The counterpart of `ConsensusSignatureScheme::verify` in the reference.
 *
 * Its arguments come from the network, so it must return a verdict for any bytes and never throw.
 */
export interface VoteVerifier {
  /**
   * Verifies one signature.
   *
   * @param identity - `voteOwner`, or the identity of a leaf, as received; equals the signer's `identity` if genuine.
   * @param message - The signed message: the bytes of `UnsignedVote.message` or of `identityStatement`.
   * @param signature - As received.
   */
  verify(
    identity: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
  ): VerifyResult | Promise<VerifyResult>;
  /**
   * Canonical form of a signature; `undefined` if the scheme cannot read it. Omit it if the scheme has only one form.
   */
  readonly canonicalForm?: (signature: Uint8Array) => Uint8Array | undefined;
}

/**
 * `verifier` that rejects non-canonical signatures as malformed. Without the owner's key, a vote cannot be given a
 * second signature. For groups without members of de-mls 3.0.0.
 */
export function canonicalOnly(verifier: VoteVerifier): VoteVerifier {
  const { canonicalForm } = verifier;
  if (canonicalForm === undefined) return verifier;
  return {
    canonicalForm,
    verify(identity, message, signature) {
      const canonical = canonicalForm(signature);
      if (canonical === undefined || !bytesEqual(canonical, signature)) return "malformed";
      return verifier.verify(identity, message, signature);
    },
  };
}
