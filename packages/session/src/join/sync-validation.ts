import { stewardListConfigProblem } from "@demls/steward";
import type { ConversationSync } from "@demls/wire";
import { bytesEqual, memberIdFromBytes } from "@demls/wire/core";
import {
  conversationConfig,
  MAX_DURATION_MS,
  MAX_MEMORY_MS,
  MIN_CONSENSUS_TIMEOUT_MS,
  MIN_PROPOSAL_EXPIRATION_MS,
  type ConversationConfig,
} from "../model/config.js";
import { LIMITS } from "../model/limits.js";
import { policyOf, type ActiveTransaction } from "../model/transaction.js";
import { SEED_BYTES, stewardSeed } from "../model/steward-seed.js";
import { newcomersFlaw } from "../voting/arrivals.js";
import { bansFlaw } from "../voting/bans.js";
import { invitationsFlaw } from "../voting/known-invitations.js";

/**
 * Reason to reject a ConversationSync of any sender: the checks of 3.0.0 (`validate_conversation_sync`), duplicate
 * stewards, or a number beyond {@link LIMITS}.
 */
export function syncFlaw(tx: ActiveTransaction, sync: ConversationSync): string | undefined {
  const { members } = tx.state.group;
  const isPresent = sync.stewardMembers.some((steward) => members.includes(memberIdFromBytes(steward)));
  return isPresent ? settledStateFlaw(tx, sync) : "no-steward-present";
}

/** Reason to reject stewards, scores, bounds, bans and invitations of any sender. */
export function settledStateFlaw(tx: ActiveTransaction, sync: ConversationSync): string | undefined {
  const { banMemory, invitations = [], newcomers } = sync;
  const learnt =
    (banMemory && bansFlaw(tx, banMemory)) ?? invitationsFlaw(invitations) ?? newcomersFlaw(newcomers);
  return listFlaw(tx, sync) ?? scoreFlaw(tx, sync) ?? learnt;
}

function listFlaw(tx: ActiveTransaction, sync: ConversationSync): string | undefined {
  const { stewards } = tx.env.plugins;
  const { epoch } = tx.state.group;
  const { snMin, snMax, allowSubsetCandidates, electionEpoch, retryRound } = sync;
  const list = sync.stewardMembers.map(memberIdFromBytes);
  if (electionEpoch > epoch) return "future-election";
  if (stewardListConfigProblem(sync) !== undefined) return "steward-bounds";
  // The order check does not detect duplicates, because equal ids have the same rank.
  if (new Set(list).size < list.length) return "duplicate-steward";
  const stated = sync.stewardSeed;
  if (stated !== undefined && (!policyOf(tx).seedsStewards || stated.length !== SEED_BYTES))
    return "steward-seed";
  // Only that of this epoch is known here. A creator's list has none, nor has that of a plug-in without seeds.
  const seed = electionEpoch === epoch && list.length > 1 ? stewardSeed(tx) : stated;
  if (stated !== undefined && seed !== undefined && !bytesEqual(stated, seed)) return "steward-seed";
  const unbound = stewards.withSeed(tx.state.stewards.list, seed);
  const bounded = stewards.withConfig(unbound, { snMin, snMax, allowSubsetCandidates });
  const isOrdered = stewards.validateProposed(bounded, list, electionEpoch, list, retryRound);
  return isOrdered ? undefined : "list-order";
}

function scoreFlaw(
  tx: ActiveTransaction,
  { peerScores, thresholdPeerScore }: ConversationSync,
): string | undefined {
  const { scoring } = tx.env.plugins;
  const isFar = (score: bigint): boolean => score > LIMITS.syncScore || score < -LIMITS.syncScore;
  if (peerScores.some(({ score }) => isFar(score))) return "scores";
  const scored = new Set(peerScores.map(({ memberId }) => memberIdFromBytes(memberId)));
  if (scored.size < peerScores.length) return "scores";
  // New members would start below the threshold.
  if (scoring.defaultScore(tx.state.scores.values) <= thresholdPeerScore) return "threshold-above-default";
  return isFar(thresholdPeerScore) ? "threshold" : undefined;
}

/**
 * This member's config with the group's settings. `undefined` if those are invalid: a duration that is zero or too
 * long, a ban memory that is too long, or a consensus timeout that is too short for a vote.
 */
export function syncedConfig(
  own: ConversationConfig,
  sync: ConversationSync,
): ConversationConfig | undefined {
  const { timing, pendingUpdateMaxEpochs, livenessCriteriaYes, maxReelectionAttempts } = sync;
  const banMemoryMs = sync.banMemory === undefined ? own.banMemoryMs : Number(sync.banMemory.memoryMs);
  const newcomers = { probationMs: own.probationMs, guestShare: own.guestShare };
  if (sync.newcomers !== undefined) {
    newcomers.probationMs = Number(sync.newcomers.probationMs);
    newcomers.guestShare = sync.newcomers.guestShare;
  }
  if (Math.max(banMemoryMs, newcomers.probationMs) > MAX_MEMORY_MS) return undefined;
  const counts = { pendingUpdateMaxEpochs, livenessCriteriaYes, maxReelectionAttempts };
  const settings = { ...counts, banMemoryMs, ...newcomers };
  if (timing === undefined) return { ...own, ...settings };
  const durations = Object.values<bigint>({ ...timing });
  if (durations.some((ms) => ms < 1n || ms > BigInt(MAX_DURATION_MS))) return undefined;
  const consensusTimeoutMs = Number(timing.consensusTimeoutMs);
  if (consensusTimeoutMs < MIN_CONSENSUS_TIMEOUT_MS) return undefined;
  // The voting delays are this member's own, but must end before the group's consensus timeout.
  const delay = (ms: number): number => Math.min(ms, consensusTimeoutMs - 1);
  return conversationConfig({
    ...own,
    ...settings,
    commitInactivityMs: Number(timing.commitInactivityDurationMs),
    freezeMs: Number(timing.freezeDurationMs),
    // The group may use less than one second, which is zero on the wire (weakness W15); this member does not.
    proposalExpirationMs: Math.max(MIN_PROPOSAL_EXPIRATION_MS, Number(timing.proposalExpirationMs)),
    consensusTimeoutMs,
    recoveryInactivityMs: Number(timing.recoveryInactivityDurationMs),
    votingDelayMs: delay(own.votingDelayMs),
    electionVotingDelayMs: delay(own.electionVotingDelayMs),
  });
}
