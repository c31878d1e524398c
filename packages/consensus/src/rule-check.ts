import { DemlsError } from "@demls/wire/core";
import { GOSSIPSUB_CONFIG, type ConsensusConfig } from "./config.js";
import type { TallyRule } from "./tally-rule.js";

/** In whose place a conversation has a setting of its own, and its name. */
const CONVERSATIONS_OWN = {
  timeoutMs: "consensusTimeoutMs",
  livenessCriteriaYes: "livenessCriteriaYes",
} as const;

/** What members of de-mls 3.0.0 have as it is, and must be the same everywhere. */
const FIXED = ["threshold", "networkType", "maxRounds"] as const;

/**
 * Checks what the default algorithm was configured with, as {@link ConsensusPlugin.checkRule} says.
 *
 * @param hasOwnRule Whether votes decide by another than the rules that modes name.
 * @throws DemlsError `unsupported-consensus`.
 */
export function checkRule(rule: TallyRule, config: ConsensusConfig, hasOwnRule: boolean): void {
  const isChanged = (field: keyof ConsensusConfig): boolean => config[field] !== GOSSIPSUB_CONFIG[field];
  for (const [field, setting] of Object.entries(CONVERSATIONS_OWN)) {
    if (!isChanged(field as keyof typeof CONVERSATIONS_OWN)) continue;
    throw unsupported(
      field,
      "A conversation has a setting of its own for it",
      `Set ${setting} of its config`,
    );
  }
  if (rule === "two-thirds") {
    const field = hasOwnRule ? "decide" : FIXED.find(isChanged);
    if (field !== undefined) throw unsupportedByReference(field);
  } else if (isChanged("threshold") && !hasOwnRule) {
    const why = "A strict conversation counts by more than half";
    throw unsupported("threshold", why, "Leave it out, or pass `decide`, which is handed it");
  }
}

/** The error for what members of de-mls 3.0.0 would do otherwise. */
export function unsupportedByReference(field: string): DemlsError<"unsupported-consensus"> {
  const remedy = 'Leave it out, or create the conversation with compatibility "strict"';
  return unsupported(field, "Members of de-mls 3.0.0 may take part, who do otherwise", remedy);
}

function unsupported(field: string, why: string, remedy: string): DemlsError<"unsupported-consensus"> {
  return new DemlsError("unsupported-consensus", {
    message: `The conversation cannot honour ${field} of the consensus plug-in. ${why}.`,
    field,
    remedy: `${remedy}.`,
  });
}
