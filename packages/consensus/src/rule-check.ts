import { DemlsError } from "@demls/wire/core";
import { GOSSIPSUB_CONFIG, type ConsensusConfig } from "./config.js";
import type { TallyRule } from "./tally-rule.js";

/** In whose place a conversation has settings of its own. */
const CONVERSATIONS_OWN = ["timeoutMs", "livenessCriteriaYes"] as const;

/** What members of de-mls 3.0.0 have as it is, and must be the same everywhere. */
const FIXED = ["threshold", "networkType", "maxRounds"] as const;

/**
 * Checks what the default algorithm was configured with, as {@link ConsensusPlugin.checkRule} says.
 *
 * @param hasOwnRule Whether votes decide by another than the rules that modes name.
 * @throws DemlsError `unsupported-consensus`.
 */
export function checkRule(rule: TallyRule, config: ConsensusConfig, hasOwnRule: boolean): void {
  const changed = (fields: readonly (keyof ConsensusConfig)[]): string | undefined =>
    fields.find((field) => config[field] !== GOSSIPSUB_CONFIG[field]);
  const own = changed(CONVERSATIONS_OWN);
  if (own !== undefined) throw unsupported(own, "use the conversation's config");
  const fixed = hasOwnRule ? "decide" : changed(FIXED);
  // By two thirds it would be another than the others', and by more than half it is of no use.
  if (fixed === "threshold") throw unsupported(fixed, "pass decide, which is given it, in strict mode");
  if (fixed !== undefined && rule === "two-thirds") throw unsupportedByReference(fixed);
}

/** The error for what members of de-mls 3.0.0 do otherwise. */
export function unsupportedByReference(field: string): DemlsError<"unsupported-consensus"> {
  return unsupported(field, 'create the conversation with compatibility "strict"');
}

function unsupported(field: string, remedy: string): DemlsError<"unsupported-consensus"> {
  return new DemlsError("unsupported-consensus", {
    message: `A conversation of this mode cannot honour ${field} of the consensus plug-in.`,
    field,
    remedy: `Leave it out, or ${remedy}.`,
  });
}
