import { bytesToHex, utf8ToBytes } from "@demls/wire/core";

/**
 * Text by which an identity's key vouches for the MLS key that signs this user's messages. A {@link ConsensusSigner}
 * signs it like a vote, and a {@link VoteVerifier} checks it; wallets show it to their owner.
 *
 * No vote equals it: the encoding of a vote begins with a byte above 0x7f.
 *
 * @param identity - as in `ConsensusSigner.identity`.
 * @param signatureKey - Ed25519 public key of the user's MLS leaves, 32 bytes.
 *
 * @example
 * ```ts
 * const proof = await signer.sign(identityStatement(signer.identity, mls.signaturePublicKey));
 * ```
 */
export function identityStatement(identity: Uint8Array, signatureKey: Uint8Array): Uint8Array {
  return utf8ToBytes(
    [
      "In de-MLS conversations, messages signed with the key below are mine.",
      "",
      "Confirm only if you have just opened this app: any holder of that key can act in your name.",
      "",
      `Identity: 0x${bytesToHex(identity)}`,
      `Key: ${bytesToHex(signatureKey)}`,
    ].join("\n"),
  );
}
