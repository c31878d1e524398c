import { DemlsError } from "@demls/wire/core";
import type { JoinOptions } from "./join-attempt.js";
import type { ConversationOptions } from "./options.js";

const OPTIONS: Readonly<Record<keyof JoinOptions, true>> = {
  until: true,
  deadlineMs: true,
  retry: true,
  signal: true,
  addresses: true,
  config: true,
  stewards: true,
  scoring: true,
};

/**
 * The settings of the conversation among the options of a join.
 *
 * @throws DemlsError `invalid-config` for an unknown option.
 */
export function conversationOptionsIn(options: JoinOptions): ConversationOptions {
  const unknown = Object.keys(options).find((option) => !Object.hasOwn(OPTIONS, option));
  if (unknown !== undefined) throw unknownOption(unknown);
  const { config, stewards, scoring } = options;
  return { ...(config && { config }), ...(stewards && { stewards }), ...(scoring && { scoring }) };
}

function unknownOption(option: string): DemlsError<"invalid-config"> {
  return new DemlsError("invalid-config", {
    message: `There is no option ${JSON.stringify(option)} of a join.`,
    field: option,
    remedy: `Pass ${Object.keys(OPTIONS).join(", ")} alone.`,
  });
}

export function notAwaited(): DemlsError<"not-awaited"> {
  return new DemlsError("not-awaited", {
    message: "The attempt has ended with the first answer, as it was asked to.",
    remedy: "Await conversation.joined, or omit until.",
  });
}
