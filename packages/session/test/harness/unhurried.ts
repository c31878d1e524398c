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
