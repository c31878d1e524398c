import { DemlsError } from "@demls/wire/core";
import { isUint32 } from "./uint32.js";

/** How proposals are counted and kept. */
export interface ConsensusConfig {
  /** Share of the expected voters that a quorum and a majority take, 0 to 1. */
  readonly threshold: number;
  /**
   * Milliseconds after its opening at which a proposal meets its deadline. A default for whoever arms the
   * timer: the algorithm arms none.
   */
  readonly timeoutMs: number;
  /** Highest round a proposal may reach, at least 1. Round 1 is the proposal, round 2 holds all votes. */
  readonly maxRounds: number;
  /** What silent voters count as in proposals that do not say: `true` for yes. */
  readonly livenessCriteriaYes: boolean;
  /** Proposals remembered in one conversation, at least 1. */
  readonly maxSessions: number;
}

/**
 * The preset for gossip networks, which de-mls 3.0.0 always uses: two thirds, 60 seconds, two rounds, silence
 * counts as yes, and ten sessions. Source: `ScopeConfig::default` of hashgraph-like-consensus 0.4.0.
 */
export const GOSSIPSUB_CONFIG: ConsensusConfig = Object.freeze({
  threshold: 2 / 3,
  timeoutMs: 60_000,
  maxRounds: 2,
  livenessCriteriaYes: true,
  maxSessions: 10,
});

/**
 * The gossipsub preset with some settings changed.
 *
 * @throws DemlsError `invalid-consensus-threshold` outside 0 to 1, `invalid-timeout` where not above 0,
 *   `invalid-max-rounds` or `invalid-max-sessions` where not a whole number of at least 1; each with its
 *   field.
 */
export function consensusConfig(changes: Partial<ConsensusConfig> = {}): ConsensusConfig {
  const config = { ...GOSSIPSUB_CONFIG, ...changes };
  if (!(config.threshold >= 0 && config.threshold <= 1)) {
    throw invalid("invalid-consensus-threshold", "threshold", "a number from 0 to 1");
  }
  if (!(config.timeoutMs > 0 && Number.isFinite(config.timeoutMs))) {
    throw invalid("invalid-timeout", "timeoutMs", "a number of milliseconds above 0");
  }
  if (!isUint32(config.maxRounds) || config.maxRounds === 0) {
    throw invalid("invalid-max-rounds", "maxRounds", "a whole number of at least 1");
  }
  if (!isUint32(config.maxSessions) || config.maxSessions === 0) {
    throw invalid("invalid-max-sessions", "maxSessions", "a whole number of at least 1");
  }
  return Object.freeze(config);
}

function invalid<Code extends string>(code: Code, field: string, expected: string): DemlsError<Code> {
  return new DemlsError(code, {
    message: `${field} must be ${expected}.`,
    field,
    remedy: `Set ${field} to ${expected}, or leave it out for the preset's.`,
  });
}
