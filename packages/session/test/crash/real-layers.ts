import { createEthereumSigner, ethereumVerifier } from "@demls/consensus";
import { createMlsService } from "@demls/mls";
import { createSeededRandom } from "@demls/testkit";
import { defaultLayers } from "../harness/layers.js";
import type { LayersOf } from "./mortal-member.js";

/** The default layers, with real cryptography. Randomness is drawn on, so no restart repeats any. */
export function realLayers(): LayersOf {
  const random = createSeededRandom("real layers");
  return async (name, signatureKeyPair) => {
    const signer = createEthereumSigner(createSeededRandom(name).fork("key").bytes(32));
    const mls = await createMlsService({
      identity: signer.identity,
      random,
      wallMs: () => Date.now(),
      ...(signatureKeyPair && { signatureKeyPair }),
    });
    return {
      identity: signer.identity,
      plugins: {
        mls,
        ...defaultLayers,
        signer,
        verifier: ethereumVerifier,
      },
    };
  };
}
