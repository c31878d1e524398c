import { DemlsError } from "@demls/wire/core";
import { defaultConsensusConfig, type ConsensusConfig } from "./config.js";
import { rulesOf, type ProposalRules } from "./proposal-rules.js";

/** Options that a conversation replaces with its own settings. */
const CONVERSATIONS_OWN = ["timeoutMs", "livenessCriteriaYes"] as const;

/** Options that are fixed in de-mls 3.0.0 and must be equal at all members. */
const FIXED = ["threshold", "networkType", "maxRounds"] as const;

/**
 * Checks the default algorithm's options, as {@link ConsensusPlugin.checkRules} specifies.
 *
 * @param hasOwnRule Whether the algorithm has a decision rule other than those of {@link TallyRule}.
 * @throws DemlsError `unsupported-consensus`.
 */
export function checkRules(rules: ProposalRules, config: ConsensusConfig, hasOwnRule: boolean): void {
  const changed = (fields: readonly (keyof ConsensusConfig)[]): string | undefined =>
    fields.find((field) => config[field] !== defaultConsensusConfig[field]);
  const own = changed(CONVERSATIONS_OWN);
  if (own !== undefined) throw unsupported(own, "use the conversation's config");
  const fixed = hasOwnRule ? "decide" : changed(FIXED);
  // With two thirds, members of de-mls 3.0.0 use their own threshold; a majority ignores it.
  if (fixed === "threshold")
    throw unsupported(fixed, "pass decide, which receives the threshold, in a strict conversation");
  if (fixed !== undefined && rulesOf(rules).tally === "two-thirds") throw unsupportedByReference(fixed);
}

/** Error for an option that de-mls 3.0.0 does not support. */
export function unsupportedByReference(field: string): DemlsError<"unsupported-consensus"> {
  return unsupported(field, "create a strict conversation");
}

function unsupported(field: string, remedy: string): DemlsError<"unsupported-consensus"> {
  return new DemlsError("unsupported-consensus", {
    message: `The conversation does not support the option ${field} of the consensus plug-in.`,
    field,
    remedy: `Omit the option, or ${remedy}.`,
  });
}
