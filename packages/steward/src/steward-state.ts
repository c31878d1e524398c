import type { StewardListConfig } from "./steward-list-config.js";
import type { StewardList } from "./steward-list.js";

/** State of {@link createDeterministicStewardList}: plain data, stored with the conversation. */
export interface StewardState {
  /** The conversation's name, a part of every hash. */
  readonly conversationId: string;
  /** Bounds for lists to come. */
  readonly config: StewardListConfig;
  /** The list in force; `undefined` before a joiner's sync. */
  readonly list: StewardList | undefined;
  /** Elections that failed since the last success (u32). */
  readonly retryRound: number;
  /** How many may fail before `retryExhausted`. */
  readonly maxRetries: number;
}

/** Default of {@link StewardState.maxRetries}, as in de-mls 3.0.0: one second attempt. */
export const defaultMaxRetries = 1;
