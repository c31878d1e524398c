import { leafName, type MlsGroup } from "@demls/mls";
import { announcement, nextAnnouncementMs } from "./announcement.js";
import { companionsOf } from "./companions.js";
import { leaveEpoch } from "./leave-epoch.js";
import { modeOf } from "../model/compatibility.js";
import { rosterEntryOf } from "../model/roster.js";
import { joined, slicesOf, type Active } from "../model/state.js";
import { emit, enterGroup, update, type ActiveTransaction } from "../model/transaction.js";
import { sendAgain } from "../messages/sent-chat.js";
import { isWaiting } from "../messages/outbox.js";
import { enqueue } from "../messages/send.js";
import { WELCOME_SUBTOPIC, type MemberId } from "@demls/wire/core";
import { leftBehindAtMs } from "../standing/index.js";
import { departFrom } from "../lost-packets/index.js";

/** Announcements of a key package without a welcome, after which another one is generated. */
const ANNOUNCEMENTS = 4;

/** Time in ms after which a key package is requested again, because its generation failed. */
const GENERATION_MS = 30_000;

/** Admission of the leaf that a member has in a group; `undefined` without one. */
export function admissionOf(group: MlsGroup, member: MemberId): Uint8Array | undefined {
  return rosterEntryOf(group, member)?.admission;
}

/** Name of the leaf that a member has in a group; `undefined` if it has no admission. */
export function leafOf(group: MlsGroup, member: MemberId): Uint8Array | undefined {
  const admission = admissionOf(group, member);
  return admission && leafName(group.name, admission);
}

/** Whether this member waits for the welcome of a rejoin. */
export function isRejoining({ state }: ActiveTransaction): boolean {
  return state.rejoin.keyPackage !== undefined;
}

/** Whether this member is left behind now: see {@link leftBehindAtMs}. */
export function needsNewLeaf(tx: ActiveTransaction): boolean {
  const atMs = leftBehindAtMs(tx);
  return atMs !== undefined && atMs <= tx.env.nowMs;
}

/** Monotonic time of the next announcement, or at which this member counts as left behind. */
export function rejoinDueMs(tx: ActiveTransaction): number | undefined {
  const leftBehindMs = leftBehindAtMs(tx);
  if (leftBehindMs === undefined) return undefined;
  return Math.max(leftBehindMs, tx.state.rejoin.announceAtMs ?? 0);
}

/** Announces a key package that replaces this member's leaf, or requests one, if it is due. */
export function runRejoin(tx: ActiveTransaction): void {
  const dueMs = rejoinDueMs(tx);
  const { nowMs } = tx.env;
  if (dueMs === undefined || dueMs > nowMs) return;
  const { keyPackage, announcements } = tx.state.rejoin;
  if (keyPackage !== undefined && announcements < ANNOUNCEMENTS) return announceRejoin(tx, keyPackage);
  const leaf = leafOf(tx.state.group, tx.env.self);
  if (leaf === undefined) return;
  update(tx, "rejoin", { announcements: 0, announceAtMs: nowMs + GENERATION_MS });
  tx.effects.push({
    kind: "generateKeyPackage",
    replaces: [...tx.state.rejoin.leaves, leaf],
  });
}

/** Announces a key package that replaces this member's leaf. */
export function announceRejoin(tx: ActiveTransaction, keyPackage: Uint8Array): void {
  // It may have caught up while the key package was generated.
  if (!needsNewLeaf(tx)) return;
  const { announcements } = tx.state.rejoin;
  const announceAtMs = nextAnnouncementMs(tx, announcements);
  update(tx, "rejoin", { keyPackage, announcements: announcements + 1, announceAtMs });
  const payload = announcement(keyPackage, tx.state.group.groupId);
  if (!isWaiting(tx, payload)) enqueue(tx, payload, WELCOME_SUBTOPIC);
}

/**
 * Enters the epoch of a welcome that replaced this member's leaf. All that belongs to the epoch before is dropped, as are
 * stewards and scores, which follow with a ConversationSync. Chat that waits stays, and chat that the others may not have
 * received is sent again.
 */
export async function enterAgain(
  tx: ActiveTransaction,
  group: MlsGroup,
  admittedBy: MemberId,
): Promise<ActiveTransaction> {
  const { state } = tx;
  const { plugins } = tx.env;
  const from = state.group.epoch;
  const { outbox, isLeaving, dropped } = leaveEpoch(tx);
  sendAgain(tx);
  const { rejoin, repair } = tx.state;
  const isLost = repair.lostSinceMs !== undefined;
  const departed = await departFrom(tx, isLost ? repair.epochs.slice(-1) : []);
  const blank = joined(
    { ...state, outbox, stewards: withoutList(tx), scores: withoutScores(tx) },
    { mode: modeOf(group), group, sessions: plugins.consensus.empty() },
  );
  const entered = enterGroup(tx, {
    ...blank,
    ...slicesOf(tx.state, "conversation"),
    outbox,
    leave: { ...blank.leave, requested: isLeaving },
    rejoin: { ...blank.rejoin, certifiedEpoch: rejoin.certifiedEpoch },
    repair: { ...blank.repair, departed },
    branches: { ...blank.branches, companions: companionsOf(state, group.members) },
  });
  if (dropped.length > 0) emit(tx, { kind: "reconciled", committer: admittedBy, added: [], dropped });
  emit(tx, { kind: "rejoined", from, epoch: group.epoch });
  return entered;
}

function withoutList({ env, state }: ActiveTransaction): Active["stewards"] {
  const { stewards } = env.plugins;
  const { list } = state.stewards;
  const empty = stewards.create(state.name, stewards.config(list), stewards.maxRetries(list));
  return { ...state.stewards, list: empty, recovery: false, opening: undefined };
}

function withoutScores({ env, state }: ActiveTransaction): Active["scores"] {
  const { scoring } = env.plugins;
  let { values } = state.scores;
  for (const { memberId } of scoring.allMembersWithScores(values))
    values = scoring.removeMember(values, memberId);
  return { ...state.scores, values };
}

/** Forgets the epoch that this member entered with a majority: the branch is lost, and the other may be in an earlier one. */
export function forgetCertifiedEpoch(tx: ActiveTransaction): void {
  update(tx, "rejoin", { certifiedEpoch: undefined });
}

/** Notes that this member has entered its epoch by a commit that a majority has chosen. */
export function noteCertifiedEpoch(tx: ActiveTransaction): void {
  update(tx, "rejoin", { certifiedEpoch: tx.state.group.epoch });
}
