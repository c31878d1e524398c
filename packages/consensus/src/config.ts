import { DemlsError } from "@demls/wire/core";
import { isUint32 } from "./uint32.js";

/**
 * How the rounds of a proposal are counted (RFC hashgraph-like consensus, sections 2.5.3 and 4).
 *
 * - `"gossipsub"`: two rounds, the proposal and all votes.
 * - `"p2p"`: every vote is a round of its own, so that the rounds bound the votes.
 */
export type NetworkType = "gossipsub" | "p2p";

/** Settings by which one proposal is counted. The counterpart of `ConsensusConfig` in hashgraph-like-consensus 0.4.0. */
export interface ProposalConfig {
  /** How rounds are counted. @default "gossipsub" */
  readonly networkType: NetworkType;
  /** Share of the expected voters that a quorum and a majority need, from 0 to 1. @default 2 / 3 */
  readonly threshold: number;
  /**
   * Time after its opening at which a proposal meets its deadline. The caller arms the timer; the algorithm arms none.
   * @default 60_000
   */
  readonly timeoutMs: number;
  /**
   * Most rounds; a vote beyond them is rejected, and fails the session. For `"gossipsub"` the highest round, at least 1:
   * round 1 is the proposal, round 2 holds all votes. For `"p2p"` the number of votes, where 0 (the preset) stands for
   * the threshold's share of the expected voters, rounded up.
   * @default 2
   */
  readonly maxRounds: number;
  /** Whether silence counts as yes in proposals that do not say. @default true */
  readonly livenessCriteriaYes: boolean;
}

/** Settings by which proposals are counted and kept. */
export interface ConsensusConfig extends ProposalConfig {
  /**
   * Proposals remembered in one conversation, open and decided, at least 1. Beyond: the oldest is evicted, in a strict
   * conversation only a decided one.
   * @default 10
   */
  readonly maxSessions: number;
}

/**
 * The preset for gossip networks, which de-mls 3.0.0 always uses: two thirds, 60 seconds, two rounds, silence
 * counts as yes, and ten sessions. Source: `ScopeConfig::default` of hashgraph-like-consensus 0.4.0.
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
 * The preset for networks where members hand a proposal on from one to the next: as {@link defaultConsensusConfig}, but
 * with a round for each vote, and as many as a quorum takes. Source: `ConsensusConfig::p2p` of
 * hashgraph-like-consensus 0.4.0.
 */
export const p2pConsensusConfig: ConsensusConfig = Object.freeze({
  ...defaultConsensusConfig,
  networkType: "p2p",
  maxRounds: 0,
});

/**
 * A preset with some settings changed: the one of `changes.networkType`, by default gossipsub's.
 *
 * @throws DemlsError `invalid-network-type` for another than the two, `invalid-consensus-threshold` outside 0 to 1,
 *   `invalid-timeout` where not above 0, `invalid-max-rounds` or `invalid-max-sessions` where not a whole number of
 *   at least 1 (0 is one more for the rounds of `"p2p"`); each with its field.
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

/** The error for a setting that is not what it must be. */
export function invalid<Code extends string>(code: Code, field: string, expected: string): DemlsError<Code> {
  return new DemlsError(code, {
    message: `${field} must be ${expected}.`,
    field,
    remedy: `Set ${field} to ${expected}, or leave it out for the default.`,
  });
}
