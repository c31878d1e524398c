import { createHashgraphConsensus } from "@demls/consensus";
import { DEFAULT_SCORING_CONFIG, defaultScoreDeltas, peerScoring } from "@demls/scoring";
import { DEFAULT_STEWARD_LIST_CONFIG, deterministicStewardList } from "@demls/steward";
import { defaultConversationConfig, type UserPlugins } from "../../src/index.js";

/** The default layers, but for those that hold or check a member's keys. */
export const defaultLayers: Omit<UserPlugins, "mls" | "signer" | "verifier"> = {
  consensus: createHashgraphConsensus(),
  stewards: deterministicStewardList,
  scoring: peerScoring,
  conversationConfig: defaultConversationConfig,
  stewardListConfig: DEFAULT_STEWARD_LIST_CONFIG,
  scoringConfig: DEFAULT_SCORING_CONFIG,
  scoreDeltas: defaultScoreDeltas,
};
