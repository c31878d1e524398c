import { encodeAppMessage, type ConversationSync, type TimingConfig } from "@demls/wire";
import { memberIdFromBytes, memberIdToBytes, type MemberId } from "@demls/wire/core";
import type { ConversationConfig } from "../model/config.js";
import { installStewards } from "../stewards/elections.js";
import { ignored, rejected, accepted, type InboundOutcome } from "../model/inbound-outcome.js";
import { openProposalsForSync, applyOpenProposals } from "./sync-open-proposals.js";
import { syncedConfig, syncFlaw } from "./sync-validation.js";
import { trace, emit, requireGroup, sealAndEnqueue, SENDABLE_BYTES, update, type Transaction } from "../model/transaction.js";

/** Bytes that a message grows by, beside what it holds, where it holds more. */
const FRAME_BYTES = 64;

/**
 * Sends what a joiner cannot know: steward list, bounds, timing, and the scores that differ from the
 * default; in a strict conversation also what is open. The list goes out as it is, members that are gone included,
 * so that a joiner comes to the same rotation (weakness W25).
 */
export async function sendSync(tx: Transaction): Promise<void> {
  const { state, env } = tx;
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
  const openWork = openProposalsForSync(tx, free);
  const whole = openWork === undefined ? sync : { ...sync, openWork };
  await sealAndEnqueue(tx, { kind: "conversation_sync", sync: whole });
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
  tx: Transaction,
  sync: ConversationSync,
  sender: MemberId,
): Promise<InboundOutcome> {
  const { synced, admittedBy, provisionalSync } = tx.state;
  const isFromCommitter = sender === admittedBy;
  const isNeeded = !synced || (isFromCommitter && provisionalSync !== undefined);
  const isRepair = !isNeeded && repairsList(tx, sync, sender);
  if (!isNeeded && !isRepair) return ignored("sync-not-needed");
  const config = syncedConfig(tx.state.config, sync);
  const flaw = syncFlaw(tx, sync) ?? (config === undefined ? "timing" : undefined);
  if (flaw !== undefined || config === undefined) return rejected("invalid-sync", flaw, sender);
  if (isRepair) {
    trace(tx, { kind: "synced", from: sender, extent: "repair" });
    installList(tx, sync);
    return accepted("sync", sender);
  }
  const isListed = sync.stewardMembers.some((steward) => memberIdFromBytes(steward) === sender);
  if (!isFromCommitter && !isListed) return rejected("invalid-sync", "unlisted-sender", sender);
  trace(tx, { kind: "synced", from: sender, extent: isFromCommitter ? "final" : "provisional" });
  applySync(tx, sync, config);
  update(tx, { provisionalSync: isFromCommitter ? undefined : sync });
  // Not from anybody else: what was approved cannot be taken back, and any member can put itself into a list.
  if (isFromCommitter && sync.openWork !== undefined) await applyOpenProposals(tx, sync.openWork);
  return accepted("sync", sender);
}

/**
 * Whether a sync gives this member back a list that it has missed, such as one elected while it was joining
 * (weakness W6): every steward of its own has had its turn, the other list is later and has not, and one of
 * its own stewards sends it. Until then this member's list may be right, and stays.
 */
function repairsList(tx: Transaction, sync: ConversationSync, sender: MemberId): boolean {
  const { stewards } = tx.env.plugins;
  const { epoch } = requireGroup(tx);
  const list = stewards.currentList(tx.state.stewards);
  return (
    list !== undefined &&
    list.members.includes(sender) &&
    stewards.isExhausted(tx.state.stewards, epoch) &&
    sync.electionEpoch > list.electionEpoch &&
    sync.electionEpoch + BigInt(sync.stewardMembers.length) > epoch
  );
}

function applySync(tx: Transaction, sync: ConversationSync, config: ConversationConfig): void {
  const { stewards, scoring } = tx.env.plugins;
  const { snMin, snMax, allowSubsetCandidates } = sync;
  const bounds = { snMin, snMax, allowSubsetCandidates };
  const installs = stewards.currentList(tx.state.stewards) === undefined || hasProvisionalList(tx);
  const configured = stewards.withConfig(tx.state.stewards, bounds);
  update(tx, {
    synced: true,
    config,
    stewards: stewards.withMaxRetries(configured, sync.maxReelectionAttempts),
    scores: scoring.withThreshold(tx.state.scores, sync.thresholdPeerScore),
  });
  if (installs) installList(tx, sync);
  takeScores(tx, sync);
}

function installList(tx: Transaction, { stewardMembers, electionEpoch, retryRound }: ConversationSync): void {
  const list = stewardMembers.map(memberIdFromBytes);
  installStewards(tx, electionEpoch, list, list.length, retryRound, "synced");
}

/** Whether the list in force is still the one that a provisional sync brought. */
function hasProvisionalList({ state, env }: Transaction): boolean {
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
function takeScores(tx: Transaction, { peerScores }: ConversationSync): void {
  const { scoring } = tx.env.plugins;
  const { members } = requireGroup(tx);
  const before = tx.state.scores;
  let scores = before;
  for (const { memberId } of tx.state.provisionalSync?.peerScores ?? []) {
    const member = memberIdFromBytes(memberId);
    if (members.includes(member))
      scores = scoring.addMember(scoring.removeMember(scores, member), member).state;
  }
  const diverged = peerScores
    .map(({ memberId, score }) => ({ memberId: memberIdFromBytes(memberId), score }))
    .filter(({ memberId }) => members.includes(memberId));
  scores = scoring.applySnapshot(scores, { diverged }).state;
  update(tx, { scores });
  for (const member of members) {
    const score = scoring.scoreFor(scores, member);
    if (score === undefined || score === scoring.scoreFor(before, member)) continue;
    trace(tx, { kind: "score", member, score, cause: "sync" });
    emit(tx, { kind: "scoreChanged", member, score, cause: undefined });
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
