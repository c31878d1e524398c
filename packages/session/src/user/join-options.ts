import type { JoinOptions } from "./join-attempt.js";
import { invalidDeadline, unknownOption } from "./join-errors.js";
import type { ConversationOptions } from "./options.js";

const DEFAULT_DEADLINE_MS = 300_000;
const MAX_DEADLINE_MS = 86_400_000;

const OPTIONS: Readonly<Record<keyof JoinOptions, true>> = {
  until: true,
  deadlineMs: true,
  signal: true,
  addresses: true,
  config: true,
  stewards: true,
  scoring: true,
};

/** Time for an attempt with these options, in ms. */
export function deadlineOf({ deadlineMs = DEFAULT_DEADLINE_MS }: JoinOptions): number {
  return deadlineMs;
}

/**
 * The settings of the conversation among the options of a join.
 *
 * @throws DemlsError `invalid-config` for an unknown option and for a deadline that is none.
 */
export function conversationOptionsIn(options: JoinOptions): ConversationOptions {
  const unknown = Object.keys(options).find((option) => !Object.hasOwn(OPTIONS, option));
  if (unknown !== undefined) throw unknownOption(unknown);
  const deadlineMs = deadlineOf(options);
  if (!(deadlineMs > 0 && deadlineMs <= MAX_DEADLINE_MS)) throw invalidDeadline();
  const { config, stewards, scoring } = options;
  return { ...(config && { config }), ...(stewards && { stewards }), ...(scoring && { scoring }) };
}
