import { bytesToHex, utf8ToBytes } from "@demls/wire/core";

/**
 * Text by which an identity's key vouches for the MLS key that signs this user's messages. A {@link ConsensusSigner}
 * signs it like a vote, and a {@link VoteVerifier} checks it; wallets show it to their owner.
 *
 * No vote equals it: the encoding of a vote begins with a byte above 0x7f.
 *
 * @param identity - as in `ConsensusSigner.identity`.
 * @param signatureKey - Ed25519 public key of the user's MLS leaves, 32 bytes.
 * @param since - time at which that key was made, in seconds since the Unix epoch, 8,640,000,000,000 at most. Of two keys
 *   of an identity the later one counts.
 * @throws RangeError if `since` is not such a time.
 *
 * @example
 * ```ts
 * const proof = await signer.sign(identityStatement(signer.identity, mls.signaturePublicKey, mls.signatureKeySince));
 * ```
 */
export function identityStatement(identity: Uint8Array, signatureKey: Uint8Array, since: number): Uint8Array {
  return utf8ToBytes(
    [
      "In de-MLS conversations, messages signed with the key below are mine.",
      "",
      "Confirm only if you have just opened this app: any holder of that key can act in your name.",
      "",
      `Identity: 0x${bytesToHex(identity)}`,
      `Key: ${bytesToHex(signatureKey)}`,
      `Since: ${new Date(since * 1_000).toISOString()}`,
    ].join("\n"),
  );
}
