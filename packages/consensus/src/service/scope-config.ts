import { settingsWith } from "@demls/wire/core";
import {
  checkProposalConfig,
  defaultConsensusConfig,
  p2pConsensusConfig,
  type NetworkType,
  type ProposalConfig,
} from "../config.js";

/** Default configuration of a scope's proposals. */
export interface ScopeConfig extends Omit<ProposalConfig, "maxRounds"> {
  /**
   * As {@link ProposalConfig.maxRounds}; `"by-network"` for the default of the network type.
   *
   * @defaultValue `"by-network"`
   */
  readonly maxRounds: number | "by-network";
}

/** Default of unconfigured scopes, and preset for gossip networks. */
export const GOSSIPSUB_SCOPE: ScopeConfig = Object.freeze({
  ...networkDefaults("gossipsub"),
  livenessCriteriaYes: defaultConsensusConfig.livenessCriteriaYes,
  maxRounds: "by-network",
});

/** Preset for networks where members forward proposals one to the next. */
export const P2P_SCOPE: ScopeConfig = Object.freeze({ ...GOSSIPSUB_SCOPE, ...networkDefaults("p2p") });

/** Settings for decisions that need nearly all members: a threshold of nine tenths. */
export const STRICT_CONSENSUS = Object.freeze({ threshold: 0.9 }) satisfies Partial<ScopeConfig>;

/** Settings for fast decisions: a threshold of six tenths, within 30 seconds. */
export const FAST_CONSENSUS = Object.freeze({
  threshold: 0.6,
  timeoutMs: 30_000,
}) satisfies Partial<ScopeConfig>;

/** Threshold and timeout of a network type. Unlike a preset, it does not set liveness and rounds. */
export function networkDefaults(
  networkType: NetworkType,
): Pick<ScopeConfig, "networkType" | "threshold" | "timeoutMs"> {
  const { threshold, timeoutMs } = networkType === "p2p" ? p2pConsensusConfig : defaultConsensusConfig;
  return { networkType, threshold, timeoutMs };
}

/**
 * `base` with some settings changed.
 *
 * @param changes A preset, {@link STRICT_CONSENSUS}, {@link FAST_CONSENSUS}, {@link networkDefaults} or individual
 *   settings. When spread together, later ones override earlier ones.
 * @throws DemlsError as `consensusConfig`; `invalid-scope-config` for an unknown setting.
 *
 * @example
 * ```ts
 * scopeConfig({ ...P2P_SCOPE, ...STRICT_CONSENSUS, timeoutMs: 120_000 });
 * ```
 */
export function scopeConfig(changes: Partial<ScopeConfig>, base: ScopeConfig = GOSSIPSUB_SCOPE): ScopeConfig {
  const config = settingsWith(base, changes, "invalid-scope-config");
  checkProposalConfig(proposalConfigOf(config));
  return Object.freeze(config);
}

/** Configuration of a proposal in the scope. */
export function proposalConfigOf(scope: ScopeConfig): ProposalConfig {
  if (scope.maxRounds !== "by-network") return { ...scope, maxRounds: scope.maxRounds };
  const { maxRounds } = scope.networkType === "p2p" ? p2pConsensusConfig : defaultConsensusConfig;
  return { ...scope, maxRounds };
}
