import { createEthereumSigner, createHashgraphConsensus, ethereumVerifier } from "@demls/consensus";
import { createMlsService } from "@demls/mls";
import { DEFAULT_SCORING_CONFIG, defaultScoreDeltas, peerScoring } from "@demls/scoring";
import { DEFAULT_STEWARD_LIST_CONFIG, deterministicStewardList } from "@demls/steward";
import { createSeededRandom } from "@demls/testkit";
import { defaultConversationConfig } from "../../src/index.js";
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
        consensus: createHashgraphConsensus(),
        signer,
        verifier: ethereumVerifier,
        stewards: deterministicStewardList,
        scoring: peerScoring,
        conversationConfig: defaultConversationConfig,
        stewardListConfig: DEFAULT_STEWARD_LIST_CONFIG,
        scoringConfig: DEFAULT_SCORING_CONFIG,
        scoreDeltas: defaultScoreDeltas,
      },
    };
  };
}
