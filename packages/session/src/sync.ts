import { stewardListConfigProblem } from "@demls/steward";
import type { ConversationSync, TimingConfig } from "@demls/wire";
import { memberIdFromBytes, memberIdToBytes, type MemberId } from "@demls/wire/core";
import {
  conversationConfig,
  MAX_DURATION_MS,
  MIN_PROPOSAL_EXPIRATION_MS,
  type ConversationConfig,
} from "./config.js";
import { installStewards } from "./elections.js";
import { ignored, rejected, taken, type InboundOutcome } from "./inbound-outcome.js";
import { emit, requireGroup, sealAndEnqueue, update, type Turn } from "./turn.js";

/**
 * Sends what a joiner cannot know: steward list, bounds, timing, and the scores that differ from the
 * default. The list goes out as it is, members that are gone included, so that a joiner comes to the
 * same rotation (weakness W25).
 */
export async function sendSync(turn: Turn): Promise<void> {
  const { state, env } = turn;
  const { stewards, scoring } = env.plugins;
  const list = stewards.currentList(state.stewards);
  if (list === undefined) return;
  const { snMin, snMax, allowSubsetCandidates } = stewards.config(state.stewards);
  const sync: ConversationSync = {
    stewardMembers: list.members.map(memberIdToBytes),
    electionEpoch: list.electionEpoch,
    snMin,
    snMax,
    allowSubsetCandidates,
    peerScores: scoring
      .snapshot(state.scores)
      .diverged.map(({ memberId, score }) => ({ memberId: memberIdToBytes(memberId), score })),
    timing: timingOf(state.config),
    retryRound: list.retryRound,
    maxReelectionAttempts: stewards.maxRetries(state.stewards),
    livenessCriteriaYes: state.config.livenessCriteriaYes,
    thresholdPeerScore: scoring.threshold(state.scores),
    pendingUpdateMaxEpochs: state.config.pendingUpdateMaxEpochs,
  };
  await sealAndEnqueue(turn, { kind: "conversation_sync", sync });
}

/**
 * Takes a ConversationSync, once, as a joiner.
 *
 * A list that was elected meanwhile stays; the settings are taken all the same, or this member would
 * go on with its own.
 */
export function receiveSync(turn: Turn, sync: ConversationSync, sender: MemberId): InboundOutcome {
  if (turn.state.synced) return ignored("sync-not-needed");
  const flaw = syncFlaw(turn, sync);
  if (flaw !== undefined) return rejected("invalid-sync", flaw, sender);
  const config = configOf(turn.state.config, sync);
  if (config === undefined) return rejected("invalid-sync", "timing", sender);
  applySync(turn, sync, config);
  return taken("sync", sender);
}

function applySync(turn: Turn, sync: ConversationSync, config: ConversationConfig): void {
  const { stewards, scoring } = turn.env.plugins;
  const { snMin, snMax, allowSubsetCandidates } = sync;
  const bounds = { snMin, snMax, allowSubsetCandidates };
  const configured = stewards.withConfig(turn.state.stewards, bounds);
  update(turn, {
    synced: true,
    config,
    stewards: stewards.withMaxRetries(configured, sync.maxReelectionAttempts),
    scores: scoring.withThreshold(turn.state.scores, sync.thresholdPeerScore),
  });
  if (stewards.currentList(turn.state.stewards) === undefined) {
    const list = sync.stewardMembers.map(memberIdFromBytes);
    installStewards(turn, sync.electionEpoch, list, list.length, sync.retryRound);
  }
  const members = new Set(requireGroup(turn).members);
  const diverged = sync.peerScores
    .map(({ memberId, score }) => ({ memberId: memberIdFromBytes(memberId), score }))
    .filter(({ memberId }) => members.has(memberId));
  update(turn, { scores: scoring.applySnapshot(turn.state.scores, { diverged }).state });
  for (const { memberId, score } of diverged) {
    emit(turn, { kind: "scoreChanged", member: memberId, score, cause: undefined });
  }
}

/** What keeps a sync from being believed (`validate_conversation_sync` in de-mls 3.0.0). */
function syncFlaw(turn: Turn, sync: ConversationSync): string | undefined {
  const { stewards, scoring } = turn.env.plugins;
  const { members, epoch } = requireGroup(turn);
  const list = sync.stewardMembers.map(memberIdFromBytes);
  if (sync.electionEpoch > epoch) return "future-election";
  if (sync.timing?.proposalExpirationMs === 0n) return "timing";
  if (stewardListConfigProblem(sync) !== undefined) return "steward-bounds";
  if (!list.some((steward) => members.includes(steward))) return "no-steward-present";
  const { snMin, snMax, allowSubsetCandidates } = sync;
  const bounded = stewards.withConfig(turn.state.stewards, { snMin, snMax, allowSubsetCandidates });
  if (!stewards.validateProposed(bounded, list, sync.electionEpoch, list, sync.retryRound))
    return "list-order";
  // A newcomer would start out removable.
  if (scoring.defaultScore(turn.state.scores) <= sync.thresholdPeerScore) return "threshold-above-default";
  return undefined;
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

/** This member's config with the group's settings; `undefined` where they are not to be worked with. */
function configOf(own: ConversationConfig, sync: ConversationSync): ConversationConfig | undefined {
  const { timing, pendingUpdateMaxEpochs, livenessCriteriaYes, maxReelectionAttempts } = sync;
  const settings = { pendingUpdateMaxEpochs, livenessCriteriaYes, maxReelectionAttempts };
  if (timing === undefined) return { ...own, ...settings };
  const consensusTimeoutMs = duration(timing.consensusTimeoutMs);
  // The voting delays are this member's own, but they have to end before the group's timeout.
  const delay = (ms: number): number => Math.max(1, Math.min(ms, consensusTimeoutMs - 1));
  try {
    return conversationConfig({
      ...own,
      ...settings,
      commitInactivityMs: duration(timing.commitInactivityDurationMs),
      freezeMs: duration(timing.freezeDurationMs),
      // A group may have set less than the second that travels (weakness W15): this member does not.
      proposalExpirationMs: Math.max(MIN_PROPOSAL_EXPIRATION_MS, duration(timing.proposalExpirationMs)),
      consensusTimeoutMs,
      recoveryInactivityMs: duration(timing.recoveryInactivityDurationMs),
      votingDelayMs: delay(own.votingDelayMs),
      electionVotingDelayMs: delay(own.electionVotingDelayMs),
    });
  } catch {
    return undefined;
  }
}

/** A wire duration as a timer takes it: what is longer than any timer is as long as one can be. */
function duration(ms: bigint): number {
  return ms > BigInt(MAX_DURATION_MS) ? MAX_DURATION_MS : Number(ms);
}
