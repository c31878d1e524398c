import { createSeededRandom } from "@demls/testkit";
import { utf8ToBytes } from "@demls/wire/core";
import { createMemberLayers } from "../harness/index.js";
import type { LayersOf } from "./mortal-member.js";

/** The default layers, real or fake. The random source continues after a restart, so that no values repeat. */
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
