import { settingsWith } from "@demls/wire/core";
import {
  checkProposalConfig,
  defaultConsensusConfig,
  p2pConsensusConfig,
  type NetworkType,
  type ProposalConfig,
} from "../config.js";

/** What the proposals of a scope are counted by, where they do not say otherwise. */
export interface ScopeConfig extends Omit<ProposalConfig, "maxRounds"> {
  /**
   * As {@link ProposalConfig.maxRounds}; `"by-network"` for what the network type has, whichever it is.
   *
   * @defaultValue `"by-network"`
   */
  readonly maxRounds: number | "by-network";
}

/** What a scope that nobody configured goes by, and the preset for gossip networks. */
export const GOSSIPSUB_SCOPE: ScopeConfig = Object.freeze({
  ...networkDefaults("gossipsub"),
  livenessCriteriaYes: defaultConsensusConfig.livenessCriteriaYes,
  maxRounds: "by-network",
});

/** The preset for networks where members hand proposals on. */
export const P2P_SCOPE: ScopeConfig = Object.freeze({ ...GOSSIPSUB_SCOPE, ...networkDefaults("p2p") });

/** For decisions that take nearly everyone: a threshold of nine tenths. */
export const STRICT_CONSENSUS = Object.freeze({ threshold: 0.9 }) satisfies Partial<ScopeConfig>;

/** For decisions that must come soon: a threshold of six tenths, within 30 seconds. */
export const FAST_CONSENSUS = Object.freeze({
  threshold: 0.6,
  timeoutMs: 30_000,
}) satisfies Partial<ScopeConfig>;

/** Threshold and timeout of a network type. Unlike a preset it leaves liveness and rounds as they are. */
export function networkDefaults(
  networkType: NetworkType,
): Pick<ScopeConfig, "networkType" | "threshold" | "timeoutMs"> {
  const { threshold, timeoutMs } = networkType === "p2p" ? p2pConsensusConfig : defaultConsensusConfig;
  return { networkType, threshold, timeoutMs };
}

/**
 * `base` with some settings changed.
 *
 * @param changes A preset, {@link STRICT_CONSENSUS}, {@link FAST_CONSENSUS}, {@link networkDefaults} or settings of
 *   one's own, spread one after the other: the later count.
 * @throws DemlsError as `consensusConfig`; `invalid-scope-config` for a setting that there is not.
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

/** What a proposal of the scope is counted by. */
export function proposalConfigOf(scope: ScopeConfig): ProposalConfig {
  if (scope.maxRounds !== "by-network") return { ...scope, maxRounds: scope.maxRounds };
  const { maxRounds } = scope.networkType === "p2p" ? p2pConsensusConfig : defaultConsensusConfig;
  return { ...scope, maxRounds };
}
