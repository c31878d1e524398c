import { createHashgraphConsensus } from "@demls/consensus";
import { DEFAULT_SCORING_CONFIG, defaultScoreDeltas, peerScoring } from "@demls/scoring";
import { DEFAULT_STEWARD_LIST_CONFIG, deterministicStewardList } from "@demls/steward";
import { createFakeMlsService, createFakeSigner, createSeededRandom, fakeVoteVerifier } from "@demls/testkit";
import { utf8ToBytes } from "@demls/wire/core";
import { defaultConversationConfig } from "../../src/index.js";
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
        consensus: createHashgraphConsensus(),
        signer: createFakeSigner(identity),
        verifier: fakeVoteVerifier,
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
