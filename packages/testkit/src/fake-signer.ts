import type { ConsensusSigner, VoteVerifier } from "@demls/consensus";
import { bytesEqual } from "@demls/wire/core";
import { hashOf } from "./fake-mls/fields.js";

const SIGNATURE_BYTES = 32;

/** A signer without a key, which answers at once. */
export interface FakeSigner extends ConsensusSigner {
  sign(message: Uint8Array): Uint8Array;
}

/**
 * A signer for simulations: deterministic, instant, and **forged by anyone**. What it signs holds under
 * {@link fakeVoteVerifier}, as long as identity and message are unchanged.
 *
 * @param identity bytes of the member that votes, such as the 20 of an Ethereum address
 */
export function createFakeSigner(identity: Uint8Array): FakeSigner {
  const own = Uint8Array.from(identity);
  return { identity: own, sign: (message) => signatureOf(own, message) };
}

/** Verifies what {@link createFakeSigner} signs; a signature of another length than 32 bytes is malformed. */
export const fakeVoteVerifier: VoteVerifier = Object.freeze({
  verify(identity: Uint8Array, message: Uint8Array, signature: Uint8Array) {
    if (signature.length !== SIGNATURE_BYTES) return "malformed";
    return bytesEqual(signatureOf(identity, message), signature) ? "valid" : "invalid";
  },
});

function signatureOf(identity: Uint8Array, message: Uint8Array): Uint8Array {
  return hashOf("vote", identity, message);
}
