import { DemlsError } from "@demls/wire/core";
import { isUint32 } from "./uint32.js";

/**
 * Round counting of a proposal (RFC hashgraph-like consensus, sections 2.5.3 and 4).
 *
 * - `"gossipsub"`: two rounds, one for the proposal and one for all votes.
 * - `"p2p"`: one round per vote, so the limit on rounds limits the votes.
 */
export type NetworkType = "gossipsub" | "p2p";

/** Settings for counting one proposal. The counterpart of `ConsensusConfig` in hashgraph-like-consensus 0.4.0. */
export interface ProposalConfig {
  /** Round counting. @default "gossipsub" */
  readonly networkType: NetworkType;
  /** Share of the expected voters that a quorum and a majority need, from 0 to 1. @default 2 / 3 */
  readonly threshold: number;
  /**
   * Time from opening to the deadline. The caller arms the timer; the algorithm arms none.
   * @default 60_000
   */
  readonly timeoutMs: number;
  /**
   * Maximum number of rounds. A vote beyond it is rejected, and fails the session. For `"gossipsub"` the highest round,
   * at least 1: round 1 is the proposal, round 2 has all votes. For `"p2p"` the number of votes; 0 (the preset) means
   * the threshold's share of the expected voters, rounded up.
   * @default 2
   */
  readonly maxRounds: number;
  /** Whether silence counts as yes in proposals that do not specify it. @default true */
  readonly livenessCriteriaYes: boolean;
}

/** Settings for counting and keeping proposals. */
export interface ConsensusConfig extends ProposalConfig {
  /**
   * Maximum number of proposals remembered in one conversation, open and decided, at least 1. Above it the oldest is
   * evicted; in a strict conversation, the oldest decided one.
   * @default 10
   */
  readonly maxSessions: number;
}

/**
 * Preset for gossip networks, used by every conversation of de-mls 3.0.0: two thirds, 60 seconds, two rounds, silence
 * counts as yes, ten sessions. Source: `ScopeConfig::default` of hashgraph-like-consensus 0.4.0.
 */
export const defaultConsensusConfig: ConsensusConfig = Object.freeze({
  networkType: "gossipsub",
  threshold: 2 / 3,
  timeoutMs: 60_000,
  maxRounds: 2,
  livenessCriteriaYes: true,
  maxSessions: 10,
});

/**
 * Preset for networks where members forward a proposal one to the next. As {@link defaultConsensusConfig}, but with one
 * round per vote, up to the quorum. Source: `ConsensusConfig::p2p` of hashgraph-like-consensus 0.4.0.
 */
export const p2pConsensusConfig: ConsensusConfig = Object.freeze({
  ...defaultConsensusConfig,
  networkType: "p2p",
  maxRounds: 0,
});

/**
 * Preset of `changes.networkType`, by default gossipsub's, with some settings changed.
 *
 * @throws DemlsError `invalid-network-type` for any other network type, `invalid-consensus-threshold` outside 0 to 1,
 *   `invalid-timeout` when not above 0, `invalid-max-rounds` or `invalid-max-sessions` when not a whole number of at
 *   least 1 (`"p2p"` also allows 0 rounds); each with its field.
 *
 * @example
 * ```ts
 * consensusConfig({ networkType: "p2p", threshold: 0.75 });
 * ```
 */
export function consensusConfig(changes: Partial<ConsensusConfig> = {}): ConsensusConfig {
  const preset = changes.networkType === "p2p" ? p2pConsensusConfig : defaultConsensusConfig;
  const config = { ...preset, ...changes };
  checkProposalConfig(config);
  if (!isUint32(config.maxSessions) || config.maxSessions === 0) {
    throw invalid("invalid-max-sessions", "maxSessions", "a whole number of at least 1");
  }
  return Object.freeze(config);
}

/** @throws DemlsError as {@link consensusConfig}. */
export function checkProposalConfig(config: ProposalConfig): void {
  const { networkType, threshold, timeoutMs, maxRounds } = config;
  if (networkType !== "gossipsub" && networkType !== "p2p") {
    throw invalid("invalid-network-type", "networkType", '"gossipsub" or "p2p"');
  }
  if (!(threshold >= 0 && threshold <= 1)) {
    throw invalid("invalid-consensus-threshold", "threshold", "a number from 0 to 1");
  }
  if (!(timeoutMs > 0 && Number.isFinite(timeoutMs))) {
    throw invalid("invalid-timeout", "timeoutMs", "a number of milliseconds above 0");
  }
  const fewest = networkType === "p2p" ? 0 : 1;
  if (!isUint32(maxRounds) || maxRounds < fewest) {
    throw invalid("invalid-max-rounds", "maxRounds", `a whole number of at least ${fewest}`);
  }
}

/** Error for an invalid setting. */
export function invalid<Code extends string>(code: Code, field: string, expected: string): DemlsError<Code> {
  return new DemlsError(code, {
    message: `${field} must be ${expected}.`,
    field,
    remedy: `Set ${field} to ${expected}, or omit it to use the default.`,
  });
}
