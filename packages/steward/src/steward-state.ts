import type { StewardListConfig } from "./steward-list-config.js";
import type { StewardList } from "./steward-list.js";

/** State of {@link createDeterministicStewardList}: plain data, stored with the conversation. */
export interface StewardState {
  /** The conversation's name, hashed with each member. */
  readonly conversationId: string;
  /** Seed of later lists; absent if they are derived from the conversation's name. */
  readonly seed?: Uint8Array;
  /** Bounds of later lists. */
  readonly config: StewardListConfig;
  /** The current list; `undefined` before a joiner's sync. */
  readonly list: StewardList | undefined;
  /** Number of failed elections since the last success (u32). */
  readonly retryRound: number;
  /** Number of failed elections allowed before `retryExhausted`. */
  readonly maxRetries: number;
}

/** Default of {@link StewardState.maxRetries}, as in de-mls 3.0.0: one retry. */
export const defaultMaxRetries = 1;
