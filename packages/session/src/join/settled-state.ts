import { recordsEpochs } from "../model/abilities.js";
import type { ConversationSync, TimingConfig } from "@demls/wire";
import { bytesEqual, memberIdFromBytes, memberIdToBytes } from "@demls/wire/core";
import type { ConversationConfig } from "../model/config.js";
import type { Reckoning } from "../model/record.js";
import { update, updateActive, type ActiveTransaction } from "../model/transaction.js";
import { statedNewcomers } from "../voting/arrivals.js";
import { banMemory } from "../voting/bans.js";
import { statedInvitations } from "../voting/known-invitations.js";
import { installStewards } from "../stewards/steward-lists.js";
import { takeStewardSettings } from "../stewards/steward-settings.js";

/**
 * Stewards, scores other than the default, settings, bans, invitations and newcomers. The list includes former members, so that
 * a joiner derives the same rotation (weakness W25).
 */
export function settledState(tx: ActiveTransaction, { list, scores, recovery }: Reckoning): ConversationSync {
  const { stewards, scoring } = tx.env.plugins;
  const { config } = tx.state;
  const { snMin, snMax, allowSubsetCandidates } = stewards.config(list);
  const current = stewards.currentList(list);
  const bans = banMemory(tx);
  const invitations = statedInvitations(tx);
  const newcomers = statedNewcomers(tx);
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
    ...(recovery && recordsEpochs(tx) && { recovery }),
    ...(bans && { banMemory: bans }),
    ...(invitations.length > 0 && { invitations }),
    ...(current?.seed && { stewardSeed: current.seed }),
    ...(newcomers && { newcomers }),
  };
}

/** Adopts the settings of a group. */
export function takeSettings(
  tx: ActiveTransaction,
  sync: ConversationSync,
  config: ConversationConfig,
): void {
  updateActive(tx, { config });
  update(tx, "sync", { synced: true });
  takeStewardSettings(tx, sync);
}

const NO_SEED = new Uint8Array();

type StatedList = Pick<ConversationSync, "stewardMembers" | "electionEpoch" | "retryRound" | "stewardSeed">;

/** Whether the current list is the stated one. */
export function hasListOf({ env, state }: ActiveTransaction, stated: StatedList): boolean {
  const list = env.plugins.stewards.currentList(state.stewards.list);
  return (
    list?.electionEpoch === stated.electionEpoch &&
    list.retryRound === stated.retryRound &&
    bytesEqual(list.seed ?? NO_SEED, stated.stewardSeed ?? NO_SEED) &&
    list.members.join() === stated.stewardMembers.map(memberIdFromBytes).join()
  );
}

/** Installs the stated list. */
export function takeList(
  tx: ActiveTransaction,
  { stewardMembers, electionEpoch, retryRound, stewardSeed: seed }: StatedList,
  cause: "synced" | "recorded",
): void {
  const list = stewardMembers.map(memberIdFromBytes);
  installStewards(tx, electionEpoch, list, list.length, retryRound, cause, seed);
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
