import type { ConversationConfig, ConversationSnapshot } from "demls";
import type { SeatOptions } from "./seat.js";
import type { IgnoredOption } from "./view/chat-event.js";

/**
 * The options of this start that differ from a conversation which goes on. Those that only a creator or a joiner can choose
 * have no effect on it; `snMin` and `snMax` are not compared.
 */
export function ignoredOptions(
  { members, mode, config }: ConversationSnapshot,
  self: string,
  { given, name, mode: wanted }: Pick<SeatOptions, "given" | "name" | "mode">,
): readonly IgnoredOption[] {
  const own = members.find(({ id }) => id === self)?.claimedName;
  const settings = Object.entries(given.config) as readonly [keyof ConversationConfig, unknown][];
  return [
    ...(given.mode && mode !== undefined && mode !== wanted ? [{ option: "--mode", holds: mode }] : []),
    // In the mode de-mls-3 each message claims the name anew.
    ...(mode === "strict" && name !== undefined && own !== undefined && own !== name
      ? [{ option: "--name", holds: own }]
      : []),
    ...settings.flatMap(([setting, value]) =>
      value === config[setting] ? [] : [{ option: `--set ${setting}`, holds: String(config[setting]) }],
    ),
  ];
}
