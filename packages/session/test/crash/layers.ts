import { createSeededRandom } from "@demls/testkit";
import { utf8ToBytes } from "@demls/wire/core";
import { createMemberLayers } from "../harness/index.js";
import type { LayersOf } from "./mortal-member.js";

/** The default layers, with real cryptography or fakes. Randomness is drawn on, so no restart repeats any. */
export function layersOf({ fakes }: { readonly fakes: boolean }): LayersOf {
  const random = createSeededRandom(fakes ? "fake layers" : "real layers");
  return async (name, signatureKeyPair) =>
    createMemberLayers({
      fakes,
      voteKey: fakes ? utf8ToBytes(name) : createSeededRandom(name).fork("key").bytes(32),
      random,
      wallMs: () => Date.now(),
      ...(signatureKeyPair && { signatureKeyPair }),
    });
}
