import { DemlsError } from "@demls/wire/core";
import type { JoinOptions } from "./join-attempt.js";
import type { ConversationOptions } from "./options.js";
import { checkDisplay } from "./user-errors.js";

const OPTIONS: Readonly<Record<keyof JoinOptions, true>> = {
  until: true,
  deadlineMs: true,
  retry: true,
  signal: true,
  addresses: true,
  announce: true,
  display: true,
  config: true,
  stewards: true,
  scoring: true,
};

/** Options of a join that are about the conversation. */
export type EntranceOptions = ConversationOptions & Pick<JoinOptions, "announce" | "display">;

/**
 * Those among the options of a join.
 *
 * @throws DemlsError `invalid-config` for an unknown option, and for `announce: false` with an invitation; `invalid-display`.
 */
export function entranceOptionsIn(options: JoinOptions, isInvited: boolean): EntranceOptions {
  const unknown = Object.keys(options).find((option) => !Object.hasOwn(OPTIONS, option));
  if (unknown !== undefined) throw unknownOption(unknown);
  const { config, stewards, scoring, announce = true, display } = options;
  if (isInvited && !announce) throw unannounced();
  if (display !== undefined) checkDisplay(display);
  return {
    announce,
    display,
    ...(config && { config }),
    ...(stewards && { stewards }),
    ...(scoring && { scoring }),
  };
}

function unknownOption(option: string): DemlsError<"invalid-config"> {
  return new DemlsError("invalid-config", {
    message: `There is no option ${JSON.stringify(option)} of a join.`,
    field: option,
    remedy: `Pass ${Object.keys(OPTIONS).join(", ")} alone.`,
  });
}

function unannounced(): DemlsError<"invalid-config"> {
  return new DemlsError("invalid-config", {
    message: "A guest announces its key package, with a redemption of its invitation.",
    field: "announce",
    remedy: "Omit it, or pass the name of the conversation in place of the invitation.",
  });
}

export function notAwaited(): DemlsError<"not-awaited"> {
  return new DemlsError("not-awaited", {
    message: "The attempt has ended with the first answer, as it was asked to.",
    remedy: "Await conversation.joined, or omit until.",
  });
}
