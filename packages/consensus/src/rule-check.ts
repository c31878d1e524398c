import { DemlsError } from "@demls/wire/core";
import { defaultConsensusConfig, type ConsensusConfig } from "./config.js";
import { rulesOf, type ProposalRules } from "./proposal-rules.js";

/** In whose place a conversation has settings of its own. */
const CONVERSATIONS_OWN = ["timeoutMs", "livenessCriteriaYes"] as const;

/** What members of de-mls 3.0.0 have as it is, and must be the same everywhere. */
const FIXED = ["threshold", "networkType", "maxRounds"] as const;

/**
 * Checks what the default algorithm was configured with, as {@link ConsensusPlugin.checkRules} says.
 *
 * @param hasOwnRule Whether votes decide by another rule than those of {@link TallyRule}.
 * @throws DemlsError `unsupported-consensus`.
 */
export function checkRules(rules: ProposalRules, config: ConsensusConfig, hasOwnRule: boolean): void {
  const changed = (fields: readonly (keyof ConsensusConfig)[]): string | undefined =>
    fields.find((field) => config[field] !== defaultConsensusConfig[field]);
  const own = changed(CONVERSATIONS_OWN);
  if (own !== undefined) throw unsupported(own, "use the conversation's config");
  const fixed = hasOwnRule ? "decide" : changed(FIXED);
  // Of two thirds the others have their own share, and more than half is fixed.
  if (fixed === "threshold")
    throw unsupported(fixed, "pass decide, which is given it, for members of this project only");
  if (fixed !== undefined && rulesOf(rules).tally === "two-thirds") throw unsupportedByReference(fixed);
}

/** The error for what members of de-mls 3.0.0 do otherwise. */
export function unsupportedByReference(field: string): DemlsError<"unsupported-consensus"> {
  return unsupported(field, "create the conversation for members of this project only");
}

function unsupported(field: string, remedy: string): DemlsError<"unsupported-consensus"> {
  return new DemlsError("unsupported-consensus", {
    message: `The conversation cannot honour ${field} of the consensus plug-in.`,
    field,
    remedy: `Leave it out, or ${remedy}.`,
  });
}
