import type { ConsensusSigner, VoteVerifier } from "@demls/consensus";
import { bytesEqual } from "@demls/wire/core";
import { hashOf } from "./fake-mls/fields.js";

const SIGNATURE_BYTES = 32;

/** Signer without a key. Signs synchronously. */
export interface FakeSigner extends ConsensusSigner {
  sign(message: Uint8Array): Uint8Array;
}

/**
 * Signer for simulations: deterministic, instant, and **forgeable by anyone**. {@link fakeVoteVerifier} accepts its
 * signatures as long as identity and message are unchanged.
 *
 * @param identity voter's identity bytes, such as the 20 of an Ethereum address
 */
export function createFakeSigner(identity: Uint8Array): FakeSigner {
  const own = Uint8Array.from(identity);
  return { identity: own, sign: (message) => signatureOf(own, message) };
}

/** Verifies signatures of {@link createFakeSigner}. A signature of another length than 32 bytes is malformed. */
export const fakeVoteVerifier: VoteVerifier = Object.freeze({
  verify(identity: Uint8Array, message: Uint8Array, signature: Uint8Array) {
    if (signature.length !== SIGNATURE_BYTES) return "malformed";
    return bytesEqual(signatureOf(identity, message), signature) ? "valid" : "invalid";
  },
});

function signatureOf(identity: Uint8Array, message: Uint8Array): Uint8Array {
  return hashOf("vote", identity, message);
}
