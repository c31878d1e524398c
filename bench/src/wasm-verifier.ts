import { createEthereumVerifier } from "@demls/consensus";
import { recover } from "tiny-secp256k1";

/** The vote verifier over secp256k1 in WebAssembly, which an application may plug in. */
export const wasmVerifier = createEthereumVerifier((hash, signature, recovery) =>
  recover(hash, signature, recovery, false),
);
