import { recordsEpochs } from "../model/abilities.js";
import { encodeAppMessage, type ConversationSync } from "@demls/wire";
import type { GroupTrust } from "@demls/join";
import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { learnSpent, spentForSync } from "./admissions.js";
import { LIMITS } from "../model/limits.js";
import type { ConversationConfig } from "../model/config.js";
import { beginReckoning, currentReckoning } from "../stewards/epoch-results.js";
import { replaceScores } from "../stewards/scores.js";
import { setRecovery } from "../stewards/steward-lists.js";
import { handled, NO_FACTS, type Handled } from "../model/fact.js";
import { accepted, ignored, rejected } from "../model/inbound-outcome.js";
import { allNewcomers, learnArrivals } from "../voting/arrivals.js";
import { hasListOf, settledState, takeList, takeSettings } from "./settled-state.js";
import { openProposalsForSync, applyOpenProposals } from "./sync-open-proposals.js";
import { syncedConfig, syncFlaw } from "./sync-validation.js";
import { adoptBans } from "../voting/bans.js";
import { adoptInvitations } from "../voting/known-invitations.js";
import { sealAndEnqueue, SENDABLE_BYTES } from "../messages/send.js";
import { policyOf, trace, update, type ActiveTransaction } from "../model/transaction.js";

/** Bytes of framing added to a message by an additional field. */
const FRAME_BYTES = 64;

/** Bytes of the references of spent key packages at most. */
const SPENT_BYTES = LIMITS.syncedKeyPackages * 36;

/**
 * Sends a ConversationSync to a joiner: steward list, bounds, timing, and scores other than the default; in a strict
 * conversation also the open proposals. The list includes former members, so that a joiner derives the same rotation
 * (weakness W25).
 */
export async function sendSync(tx: ActiveTransaction): Promise<void> {
  const { stewards } = tx.env.plugins;
  if (stewards.currentList(tx.state.stewards.list) === undefined) return;
  const newcomers = allNewcomers(tx);
  const sync = { ...settledState(tx, currentReckoning(tx)), ...(newcomers && { newcomers }) };
  const free =
    SENDABLE_BYTES - FRAME_BYTES - SPENT_BYTES - encodeAppMessage({ kind: "conversation_sync", sync }).length;
  const openProposals = openProposalsForSync(tx, free);
  const spentKeyPackages = spentForSync(tx);
  const whole: ConversationSync = {
    ...sync,
    ...(openProposals && { openProposals }),
    ...(spentKeyPackages.length > 0 && { spentKeyPackages }),
  };
  await sealAndEnqueue(tx, { kind: "conversation_sync", sync: whole });
}

/**
 * Handles a ConversationSync as a joiner. It is accepted from the committer that added this member, and before that
 * from any member on the list that it carries (3.0.0 accepts it from anyone, weakness W26). Any member can put itself
 * on a list, so the committer's ConversationSync replaces others and is final.
 *
 * A list elected in the meantime is kept. The settings are applied in any case, or this member would keep its own.
 * Later, a ConversationSync only repairs an outdated list: see {@link repairsList}.
 */
export async function receiveSync(
  tx: ActiveTransaction,
  sync: ConversationSync,
  sender: MemberId,
): Promise<Handled> {
  const { synced, admittedBy, provisional } = tx.state.sync;
  const isFromCommitter = sender === admittedBy;
  const isNeeded = !synced || (isFromCommitter && provisional !== undefined);
  const isRepair = !isNeeded && repairsList(tx, sync, sender);
  if (!isNeeded && !isRepair) return handled(ignored("sync-not-needed"));
  const config = syncedConfig(tx.state.config, sync);
  const flaw = syncFlaw(tx, sync) ?? (config === undefined ? "timing" : undefined);
  if (flaw !== undefined || config === undefined) return handled(rejected("invalid-sync", flaw, sender));
  if (isRepair) {
    trace(tx, { kind: "synced", from: sender, extent: "repair" });
    takeList(tx, sync, "synced");
    return handled(accepted("sync", sender));
  }
  const isListed = sync.stewardMembers.some((steward) => memberIdFromBytes(steward) === sender);
  if (!isFromCommitter && !isListed) return handled(rejected("invalid-sync", "unlisted-sender", sender));
  trace(tx, { kind: "synced", from: sender, extent: isFromCommitter ? "final" : "provisional" });
  applySync(tx, sync, config);
  update(tx, "sync", { provisional: isFromCommitter ? undefined : sync });
  if (isFromCommitter) {
    learnSpent(tx, sync.spentKeyPackages ?? []);
    const { opening, results } = tx.state.record;
    const isOpening = recordsEpochs(tx) && opening === undefined && results.length === 0;
    if (isOpening) beginReckoning(tx);
  }
  // Only from the committer: an approval cannot be taken back, and any member can put itself into a list.
  const takesOpenProposals = isFromCommitter && policyOf(tx).syncCarriesOpenProposals;
  const facts =
    takesOpenProposals && sync.openProposals ? await applyOpenProposals(tx, sync.openProposals) : NO_FACTS;
  return handled(accepted("sync", sender), facts);
}

/**
 * Whether a ConversationSync carries a list that this member has missed, such as one elected while it joined (weakness
 * W6): this member's list is exhausted, the other list is later and still valid, and a steward of this member's list
 * sends it. A list that is not exhausted may be right, and is kept.
 */
function repairsList(tx: ActiveTransaction, sync: ConversationSync, sender: MemberId): boolean {
  const { stewards } = tx.env.plugins;
  const { epoch } = tx.state.group;
  const list = stewards.currentList(tx.state.stewards.list);
  return (
    list !== undefined &&
    list.members.includes(sender) &&
    stewards.isExhausted(tx.state.stewards.list, epoch) &&
    sync.electionEpoch > list.electionEpoch &&
    sync.electionEpoch + BigInt(sync.stewardMembers.length) > epoch
  );
}

function applySync(tx: ActiveTransaction, sync: ConversationSync, config: ConversationConfig): void {
  const { provisional } = tx.state.sync;
  const isInstalled = tx.env.plugins.stewards.currentList(tx.state.stewards.list) !== undefined;
  // A list from a provisional ConversationSync is replaced.
  const installs = !isInstalled || (provisional !== undefined && hasListOf(tx, provisional));
  takeSettings(tx, sync, config);
  learnArrivals(tx, sync.newcomers);
  if (sync.banMemory !== undefined) adoptBans(tx, sync.banMemory);
  adoptInvitations(tx, sync.invitations ?? []);
  if (sync.recovery === true && recordsEpochs(tx)) setRecovery(tx, true);
  if (installs) takeList(tx, sync, "synced");
  takeScores(tx, sync);
}

/** Sets the scores of a ConversationSync. Scores that only a provisional one had set return to the default. */
function takeScores(tx: ActiveTransaction, { peerScores }: ConversationSync): void {
  const { scoring } = tx.env.plugins;
  const { members } = tx.state.group;
  let scores = tx.state.scores.values;
  for (const { memberId } of tx.state.sync.provisional?.peerScores ?? []) {
    const member = memberIdFromBytes(memberId);
    if (members.includes(member)) scores = scoring.addMember(scoring.removeMember(scores, member), member);
  }
  const diverged = peerScores
    .map(({ memberId, score }) => ({ memberId: memberIdFromBytes(memberId), score }))
    .filter(({ memberId }) => members.includes(memberId));
  replaceScores(tx, scoring.applySnapshot(scores, { diverged }), "sync");
}

/** Forgets a ConversationSync that is no longer needed: the record of a commit states more. */
export function forgetProvisional(tx: ActiveTransaction): void {
  update(tx, "sync", { provisional: undefined });
}

/** Notes the confirmation that the group is that of the inviter. */
export function noteAssurance(tx: ActiveTransaction, assurance: GroupTrust, inviter: MemberId): void {
  update(tx, "sync", { assurance, assuredBy: inviter });
}
