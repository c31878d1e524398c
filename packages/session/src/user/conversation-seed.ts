import { scoringConfig } from "@demls/scoring";
import { stewardListConfig } from "@demls/steward";
import { conversationConfig } from "../model/config.js";
import type { ConversationSeed } from "../model/state.js";
import type { ConversationOptions, UserPlugins } from "./options.js";

/**
 * Checked settings of a new conversation.
 *
 * @throws DemlsError `invalid-config`, `invalid-steward-list-config`, `invalid-scoring-config`.
 */
export function conversationSeed(
  name: string,
  overrides: ConversationOptions,
  plugins: UserPlugins,
): ConversationSeed {
  const config = conversationConfig(overrides.config, plugins.conversationConfig);
  const bounds = stewardListConfig(overrides.stewards, plugins.stewardListConfig);
  const scoring = scoringConfig(overrides.scoring, plugins.scoringConfig);
  return {
    name,
    config,
    stewards: plugins.stewards.create(name, bounds, config.maxReelectionAttempts),
    scores: plugins.scoring.create(scoring, plugins.scoreDeltas),
  };
}
