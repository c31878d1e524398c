import { createEthereumVerifier } from "@demls/consensus";
import { recover } from "tiny-secp256k1";

/**
 * Judges votes as the default verifier does, by libsecp256k1 in WebAssembly: a fifth of the time. What a signature may
 * look like is not left to that library; it only computes the key that made one.
 */
export const fastVerifier = createEthereumVerifier((hash, signature, recovery) =>
  recover(hash, signature, recovery, false),
);
