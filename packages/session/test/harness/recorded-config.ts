import type { ConversationConfig } from "../../src/index.js";

/** Settings of a recorded 3.0.0 conversation, as vectors state them. */
export interface RecordedConfig {
  readonly commit_inactivity_ms: number;
  readonly freeze_ms: number;
  readonly recovery_inactivity_ms: number;
  readonly proposal_expiration_ms: number;
  readonly consensus_timeout_ms: number;
  readonly voting_delay_ms: number;
  readonly election_voting_delay_ms: number;
  readonly sn_min: number;
  readonly sn_max: number;
}

/** The recorded settings of a conversation. */
export function configOf(recorded: RecordedConfig): Partial<ConversationConfig> {
  return {
    commitInactivityMs: recorded.commit_inactivity_ms,
    freezeMs: recorded.freeze_ms,
    recoveryInactivityMs: recorded.recovery_inactivity_ms,
    proposalExpirationMs: recorded.proposal_expiration_ms,
    consensusTimeoutMs: recorded.consensus_timeout_ms,
    votingDelayMs: recorded.voting_delay_ms,
    electionVotingDelayMs: recorded.election_voting_delay_ms,
  };
}

/** The recorded limits of the steward list. */
export function stewardBoundsOf({ sn_min, sn_max }: RecordedConfig): {
  readonly snMin: number;
  readonly snMax: number;
} {
  return { snMin: sn_min, snMax: sn_max };
}
