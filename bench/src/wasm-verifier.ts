import { canonicalSignature, type VoteVerifier } from "@demls/consensus";
import { bytesEqual, concatBytes, utf8ToBytes } from "@demls/wire/core";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { recover } from "tiny-secp256k1";

const ADDRESS_BYTES = 20;
const SIGNATURE_BYTES = 65;

/** The vote verifier over secp256k1 in WebAssembly, which an application may plug in. */
export const wasmVerifier: VoteVerifier = {
  verify(identity, message, signature) {
    if (signature.length !== SIGNATURE_BYTES || identity.length !== ADDRESS_BYTES) return "malformed";
    const address = recoveredAddress(message, signature);
    if (address === undefined) return "malformed";
    return bytesEqual(address, identity) ? "valid" : "invalid";
  },
  canonicalForm: canonicalSignature,
};

/** v is 27 or 28 in what this project signs, which is all that is verified here. */
function recoveredAddress(message: Uint8Array, signature: Uint8Array): Uint8Array | undefined {
  const recoveryId = signature[SIGNATURE_BYTES - 1] === 28 ? 1 : 0;
  try {
    const publicKey = recover(personalMessageHash(message), signature.subarray(0, 64), recoveryId, false);
    return publicKey === null ? undefined : keccak_256(publicKey.subarray(1)).subarray(-ADDRESS_BYTES);
  } catch {
    return undefined;
  }
}

/** EIP-191, version 0x45. */
function personalMessageHash(message: Uint8Array): Uint8Array {
  return keccak_256(concatBytes(utf8ToBytes(`\x19Ethereum Signed Message:\n${message.length}`), message));
}
