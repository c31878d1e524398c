import { stewardsOf } from "./views.js";
import type { World } from "./world.js";
import {
  defaultConversationConfig,
  MAX_DURATION_MS,
  type ConversationConfig,
} from "../../src/model/config.js";

/** Settings with waits as long as in 3.0.0, so that a test sees each phase, all candidates, and can vote. */
export function unhurried(settings: Partial<ConversationConfig> = {}): Partial<ConversationConfig> {
  const { commitInactivityMs } = { ...defaultConversationConfig, ...settings };
  return { batchMs: commitInactivityMs, deliberationMs: MAX_DURATION_MS, ...settings };
}

/** Has the stewards alone commit, as long as they are not replaced: others would stand in after the freeze. */
export function keepToStewards({ members }: Pick<World, "members">): void {
  for (const member of members.filter((each) => !stewardsOf(each).includes(each.id)))
    member.state = { ...member.state, config: { ...member.state.config, standInMs: MAX_DURATION_MS } };
}
