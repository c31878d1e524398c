import { expect, test } from "vitest";
import { loadVectors } from "../../../../vectors/load.js";
import { defaultConversationConfig } from "../../src/index.js";

interface Constants {
  readonly conversation_config_ms: {
    readonly commit_inactivity: number;
    readonly consensus_timeout: number;
    readonly election_voting_delay: number;
    readonly freeze: number;
    readonly proposal_expiration: number;
    readonly recovery_inactivity: number;
    readonly voting_delay: number;
  };
  readonly liveness_criteria_yes: boolean;
  readonly max_reelection_attempts: number;
  readonly pending_update_max_epochs: number;
}

const constants = loadVectors<Constants>("00_constants.json");

test("the default settings of a conversation are those of 3.0.0", () => {
  const timing = constants.conversation_config_ms;
  expect(Object.keys(timing)).toHaveLength(7);
  const { quietAfterCommitMs, keyRenewalMs, archive, banMemoryMs, ...newer } = defaultConversationConfig;
  const { probationMs, guestShare, batchMs, standInMs, deliberationMs, ...shared } = newer;
  // Settings of this implementation only.
  expect([quietAfterCommitMs, keyRenewalMs, archive]).toEqual([250, 7 * 86_400_000, false]);
  expect([batchMs, standInMs, deliberationMs]).toEqual([250, 2_000, 0]);
  expect([banMemoryMs, probationMs, guestShare]).toEqual([30 * 86_400_000, 86_400_000, 3]);
  expect(shared).toEqual({
    commitInactivityMs: timing.commit_inactivity,
    freezeMs: timing.freeze,
    recoveryInactivityMs: timing.recovery_inactivity,
    proposalExpirationMs: timing.proposal_expiration,
    consensusTimeoutMs: timing.consensus_timeout,
    votingDelayMs: timing.voting_delay,
    electionVotingDelayMs: timing.election_voting_delay,
    livenessCriteriaYes: constants.liveness_criteria_yes,
    maxReelectionAttempts: constants.max_reelection_attempts,
    pendingUpdateMaxEpochs: constants.pending_update_max_epochs,
  });
});
