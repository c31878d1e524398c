import {
  conversationConfig,
  defaultConversationConfig,
  stewardListConfig,
  type ConversationConfig,
  type StewardListConfig,
} from "demls";
import { invalidOption } from "./invalid-option.js";

/** Validated settings of a conversation and of its steward list. */
export interface ChatSettings {
  readonly config: ConversationConfig;
  readonly stewards: Partial<StewardListConfig>;
  /** The settings of `config` that were given. */
  readonly givenConfig: Partial<ConversationConfig>;
}

/** Defaults of a chat. They are shorter than the library's, whose `commitInactivityMs` is a minute. */
const CHAT_CONFIG: ConversationConfig = {
  ...defaultConversationConfig,
  votingDelayMs: 10_000,
  electionVotingDelayMs: 2_000,
  commitInactivityMs: 5_000,
  freezeMs: 10_000,
  recoveryInactivityMs: 3_000,
  consensusTimeoutMs: 20_000,
};

const STEWARD_SETTINGS: readonly string[] = ["snMin", "snMax"];

/**
 * Parses the values of `--set name=value`.
 *
 * @param options - `isOpen`: whether the chat admits everyone.
 *
 * @throws DemlsError `invalid-option`, `invalid-config`, `invalid-steward-list-config`.
 */
export function parseSettings(
  given: readonly string[],
  { isOpen = false }: { readonly isOpen?: boolean } = {},
): ChatSettings {
  const entries = given.map(setting);
  const isOfStewards = ([name]: Setting): boolean => STEWARD_SETTINGS.includes(name);
  const stewards: Partial<StewardListConfig> = Object.fromEntries(entries.filter(isOfStewards));
  stewardListConfig(stewards);
  const config: Partial<ConversationConfig> = Object.fromEntries(
    entries.filter((entry) => !isOfStewards(entry)),
  );
  // No member answers for those that come to an open chat.
  const base = isOpen ? { ...CHAT_CONFIG, guestShare: 0 } : CHAT_CONFIG;
  return { config: conversationConfig(config, base), stewards, givenConfig: config };
}

type Setting = readonly [name: string, value: number | boolean];

function setting(text: string): Setting {
  const [, name, value] = /^(\w+)=(\d{1,16}|true|false)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw invalidOption("set", `takes NAME=NUMBER, true or false, not ${JSON.stringify(text)}.`);
  }
  return [name, value === "true" ? true : value === "false" ? false : Number(value)];
}
