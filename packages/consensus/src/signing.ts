import { bytesEqual } from "@demls/wire/core";

/**
 * Signs this member's votes. May be a wallet that asks its owner first: nothing waits for it while the
 * conversation moves on.
 *
 * The counterpart of an instance of `ConsensusSignatureScheme` in hashgraph-like-consensus 0.4.0.
 * All members of a conversation must use the same scheme.
 */
export interface ConsensusSigner {
  /** Identity bytes, which become `voteOwner`; by default a 20-byte Ethereum address. Not to be changed. */
  readonly identity: Uint8Array;
  /**
   * Signs `message`, the bytes of `UnsignedVote.message`, by the scheme's own rule. For the default
   * scheme that is EIP-191 `personal_sign`: the signer adds the prefix, so a wallet can be asked directly.
   *
   * @returns The signature in its one canonical form; see `canonicalSignature` for wallets.
   * @throws where the owner declines or the device is gone.
   */
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/**
 * What a signature turned out to be: `valid`; `invalid` where it is well-formed but not this identity's over
 * this message; `malformed` where identity or signature cannot be read at all.
 */
export type VerifyResult = "valid" | "invalid" | "malformed";

/**
 * Checks votes of others. The counterpart of `ConsensusSignatureScheme::verify` in the reference.
 *
 * Its arguments come from the network, so it must answer for any bytes and never throw.
 */
export interface VoteVerifier {
  /**
   * Judges one signature.
   *
   * @param identity - `voteOwner` as it came; what a signer's `identity` is where the vote is genuine.
   * @param message - What was to be signed: the bytes of `UnsignedVote.message`.
   * @param signature - As it came.
   */
  verify(
    identity: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
  ): VerifyResult | Promise<VerifyResult>;
  /**
   * The one form in which this scheme writes a signature; `undefined` for what it cannot read. Absent where the
   * scheme has one form only.
   */
  readonly canonicalForm?: (signature: Uint8Array) => Uint8Array | undefined;
}

/**
 * As `verifier`, but a signature in another than its canonical form is malformed, so that nobody can give a
 * vote a second signature without its owner's key. For groups without members of de-mls 3.0.0.
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
