import { createFakeMlsService, createFakeSigner, createSeededRandom, fakeVoteVerifier } from "@demls/testkit";
import { utf8ToBytes } from "@demls/wire/core";
import { defaultLayers } from "../harness/layers.js";
import type { LayersOf } from "./mortal-member.js";

/** Layers without cryptography. Randomness is drawn on, so no restart repeats any. */
export function fakeLayers(): LayersOf {
  const random = createSeededRandom("fake layers");
  return async (name, signatureKeyPair) => {
    const identity = utf8ToBytes(name);
    const wallMs = (): number => Date.now();
    return {
      identity,
      plugins: {
        mls: createFakeMlsService({
          identity,
          random,
          wallMs,
          ...(signatureKeyPair && { signatureKeyPair }),
        }),
        ...defaultLayers,
        signer: createFakeSigner(identity),
        verifier: fakeVoteVerifier,
      },
    };
  };
}
