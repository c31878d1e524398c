import { encodeAppMessage, type ConversationSync, type TimingConfig } from "@demls/wire";
import { memberIdFromBytes, memberIdToBytes, type MemberId } from "@demls/wire/core";
import type { ConversationConfig } from "./config.js";
import { installStewards } from "./elections.js";
import { ignored, rejected, taken, type InboundOutcome } from "./inbound-outcome.js";
import { openWorkOf, takeOpenWork } from "./open-work.js";
import { syncedConfig, syncFlaw } from "./sync-check.js";
import { decide, emit, requireGroup, sealAndEnqueue, SENDABLE_BYTES, update, type Turn } from "./turn.js";

/** Bytes that a message grows by, beside what it holds, where it holds more. */
const FRAME_BYTES = 64;

/**
 * Sends what a joiner cannot know: steward list, bounds, timing, and the scores that differ from the
 * default; in a strict conversation also what is open. The list goes out as it is, members that are gone included,
 * so that a joiner comes to the same rotation (weakness W25).
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
  const free = SENDABLE_BYTES - FRAME_BYTES - encodeAppMessage({ kind: "conversation_sync", sync }).length;
  const openWork = openWorkOf(turn, free);
  const whole = openWork === undefined ? sync : { ...sync, openWork };
  await sealAndEnqueue(turn, { kind: "conversation_sync", sync: whole });
}

/**
 * Takes a ConversationSync, as a joiner: from the member whose commit let it in, or meanwhile from any that is
 * in the list it sends (3.0.0 takes it from anyone, weakness W26). Any member can put itself into a list, so
 * what the committer sends replaces what another has; and that is final.
 *
 * A list that was elected meanwhile stays; the settings are taken all the same, or this member would go on
 * with its own. Later on a sync only repairs a list whose time is over: see {@link repairsList}.
 */
export async function receiveSync(
  turn: Turn,
  sync: ConversationSync,
  sender: MemberId,
): Promise<InboundOutcome> {
  const { synced, admittedBy, provisionalSync } = turn.state;
  const isFromCommitter = sender === admittedBy;
  const isNeeded = !synced || (isFromCommitter && provisionalSync !== undefined);
  const isRepair = !isNeeded && repairsList(turn, sync, sender);
  if (!isNeeded && !isRepair) return ignored("sync-not-needed");
  const config = syncedConfig(turn.state.config, sync);
  const flaw = syncFlaw(turn, sync) ?? (config === undefined ? "timing" : undefined);
  if (flaw !== undefined || config === undefined) return rejected("invalid-sync", flaw, sender);
  if (isRepair) {
    decide(turn, { kind: "synced", from: sender, extent: "repair" });
    installList(turn, sync);
    return taken("sync", sender);
  }
  const isListed = sync.stewardMembers.some((steward) => memberIdFromBytes(steward) === sender);
  if (!isFromCommitter && !isListed) return rejected("invalid-sync", "unlisted-sender", sender);
  decide(turn, { kind: "synced", from: sender, extent: isFromCommitter ? "final" : "provisional" });
  applySync(turn, sync, config);
  update(turn, { provisionalSync: isFromCommitter ? undefined : sync });
  // Not from anybody else: what was approved cannot be taken back, and any member can put itself into a list.
  if (isFromCommitter && sync.openWork !== undefined) await takeOpenWork(turn, sync.openWork);
  return taken("sync", sender);
}

/**
 * Whether a sync gives this member back a list that it has missed, such as one elected while it was joining
 * (weakness W6): every steward of its own has had its turn, the other list is later and has not, and one of
 * its own stewards sends it. Until then this member's list may be right, and stays.
 */
function repairsList(turn: Turn, sync: ConversationSync, sender: MemberId): boolean {
  const { stewards } = turn.env.plugins;
  const { epoch } = requireGroup(turn);
  const list = stewards.currentList(turn.state.stewards);
  return (
    list !== undefined &&
    list.members.includes(sender) &&
    stewards.isExhausted(turn.state.stewards, epoch) &&
    sync.electionEpoch > list.electionEpoch &&
    sync.electionEpoch + BigInt(sync.stewardMembers.length) > epoch
  );
}

function applySync(turn: Turn, sync: ConversationSync, config: ConversationConfig): void {
  const { stewards, scoring } = turn.env.plugins;
  const { snMin, snMax, allowSubsetCandidates } = sync;
  const bounds = { snMin, snMax, allowSubsetCandidates };
  const installs = stewards.currentList(turn.state.stewards) === undefined || hasProvisionalList(turn);
  const configured = stewards.withConfig(turn.state.stewards, bounds);
  update(turn, {
    synced: true,
    config,
    stewards: stewards.withMaxRetries(configured, sync.maxReelectionAttempts),
    scores: scoring.withThreshold(turn.state.scores, sync.thresholdPeerScore),
  });
  if (installs) installList(turn, sync);
  takeScores(turn, sync);
}

function installList(turn: Turn, { stewardMembers, electionEpoch, retryRound }: ConversationSync): void {
  const list = stewardMembers.map(memberIdFromBytes);
  installStewards(turn, electionEpoch, list, list.length, retryRound, "synced");
}

/** Whether the list in force is still the one that a provisional sync brought. */
function hasProvisionalList({ state, env }: Turn): boolean {
  const { provisionalSync } = state;
  const list = env.plugins.stewards.currentList(state.stewards);
  return (
    provisionalSync !== undefined &&
    list?.electionEpoch === provisionalSync.electionEpoch &&
    list.retryRound === provisionalSync.retryRound &&
    list.members.join() === provisionalSync.stewardMembers.map(memberIdFromBytes).join()
  );
}

/** Sets the scores that a sync gives; those that only a provisional one gave are the default's again. */
function takeScores(turn: Turn, { peerScores }: ConversationSync): void {
  const { scoring } = turn.env.plugins;
  const { members } = requireGroup(turn);
  const before = turn.state.scores;
  let scores = before;
  for (const { memberId } of turn.state.provisionalSync?.peerScores ?? []) {
    const member = memberIdFromBytes(memberId);
    if (members.includes(member)) scores = scoring.addMember(scoring.removeMember(scores, member), member);
  }
  const diverged = peerScores
    .map(({ memberId, score }) => ({ memberId: memberIdFromBytes(memberId), score }))
    .filter(({ memberId }) => members.includes(memberId));
  scores = scoring.applySnapshot(scores, { diverged });
  update(turn, { scores });
  for (const member of members) {
    const score = scoring.scoreFor(scores, member);
    if (score === undefined || score === scoring.scoreFor(before, member)) continue;
    decide(turn, { kind: "score", member, score, cause: "sync" });
    emit(turn, { kind: "scoreChanged", member, score, cause: undefined });
  }
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
