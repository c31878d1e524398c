import type { ConsensusPlugin } from "@demls/consensus";
import type { StewardListConfig } from "@demls/steward";
import { DemlsError } from "@demls/wire/core";
import { compatibilityPolicy, type CompatibilityMode } from "./compatibility.js";

/** @throws DemlsError `invalid-compatibility` for any other value. */
export function checkCompatibility(mode: CompatibilityMode): void {
  const modes: readonly CompatibilityMode[] = ["de-mls-3", "strict"];
  if (modes.includes(mode)) return;
  throw new DemlsError("invalid-compatibility", {
    message: "The compatibility mode is unknown.",
    field: "compatibility",
    remedy: `Pass ${modes.map((known) => JSON.stringify(known)).join(" or ")}, or omit it.`,
  });
}

/**
 * Checks that the mode supports the settings of the steward list.
 *
 * @throws DemlsError `invalid-steward-list-config`, with field `allowSubsetCandidates` (weakness W23).
 */
export function checkStewardSettings(
  mode: CompatibilityMode,
  { allowSubsetCandidates }: StewardListConfig,
): void {
  if (!allowSubsetCandidates || compatibilityPolicy(mode).allowsSubsetCommits) return;
  throw new DemlsError("invalid-steward-list-config", {
    message: "Members that run de-mls 3.0.0 reject a commit that omits approved changes.",
    field: "allowSubsetCandidates",
    remedy: 'Omit it, or create the conversation with compatibility "strict".',
  });
}

/**
 * Checks that the mode supports the options of the consensus plug-in.
 *
 * @throws DemlsError `unsupported-consensus`, with the option as field, or any error of the plug-in.
 */
export function checkConsensus(mode: CompatibilityMode, consensus: ConsensusPlugin<unknown>): void {
  consensus.checkRules?.(compatibilityPolicy(mode).proposalRules);
}
