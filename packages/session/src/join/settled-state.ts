import type { ConversationSync, TimingConfig } from "@demls/wire";
import { memberIdToBytes } from "@demls/wire/core";
import type { ConversationConfig } from "../model/config.js";
import type { Reckoning } from "../model/record.js";
import { policyOf, type ActiveTransaction } from "../model/transaction.js";

/**
 * Stewards, scores other than the default, and settings. The list includes former members, so that a joiner derives the
 * same rotation (weakness W25).
 */
export function settledState(tx: ActiveTransaction, { list, scores, recovery }: Reckoning): ConversationSync {
  const { stewards, scoring } = tx.env.plugins;
  const { config } = tx.state;
  const { snMin, snMax, allowSubsetCandidates } = stewards.config(list);
  const current = stewards.currentList(list);
  return {
    stewardMembers: (current?.members ?? []).map(memberIdToBytes),
    electionEpoch: current?.electionEpoch ?? 0n,
    snMin,
    snMax,
    allowSubsetCandidates,
    peerScores: scoring
      .snapshot(scores)
      .diverged.map(({ memberId, score }) => ({ memberId: memberIdToBytes(memberId), score })),
    timing: timingOf(config),
    retryRound: current?.retryRound ?? 0,
    maxReelectionAttempts: stewards.maxRetries(list),
    livenessCriteriaYes: config.livenessCriteriaYes,
    thresholdPeerScore: scoring.threshold(scores),
    pendingUpdateMaxEpochs: config.pendingUpdateMaxEpochs,
    ...(recovery && policyOf(tx).recordsEpochs && { recovery }),
  };
}

function timingOf(config: ConversationConfig): TimingConfig {
  return {
    commitInactivityDurationMs: BigInt(config.commitInactivityMs),
    freezeDurationMs: BigInt(config.freezeMs),
    proposalExpirationMs: BigInt(config.proposalExpirationMs),
    consensusTimeoutMs: BigInt(config.consensusTimeoutMs),
    recoveryInactivityDurationMs: BigInt(config.recoveryInactivityMs),
  };
}
