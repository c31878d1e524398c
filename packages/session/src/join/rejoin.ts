import { leafName, type MlsGroup } from "@demls/mls";
import { announcement, nextAnnouncementMs } from "./announcement.js";
import { modeOf } from "../model/compatibility.js";
import { joined, type Active } from "../model/state.js";
import { emit, enterGroup, policyOf, update, type ActiveTransaction } from "../model/transaction.js";
import { enqueue } from "../messages/send.js";
import { WELCOME_SUBTOPIC, type MemberId } from "@demls/wire/core";
import { removalTarget } from "../model/request.js";
import { ownChoice } from "../repair/choices.js";
import { ownOpenVotes } from "../voting/open-votes.js";

/** Inactivity timeouts after which a member replaces its leaf, if what others served does not let it go on. */
const SERVED_TIMEOUTS = 3;

/** Inactivity timeouts after which it does so if all others seem to be in other epochs. */
const ALONE_TIMEOUTS = 5;

/** Announcements of a key package without a welcome, after which another one is generated. */
const ANNOUNCEMENTS = 4;

/** Time in ms after which a key package is requested again, because its generation failed. */
const GENERATION_MS = 30_000;

/** Admission of the leaf that a member has in a group; `undefined` without one. */
export function admissionOf({ roster }: MlsGroup, member: MemberId): Uint8Array | undefined {
  return roster.find((entry) => entry.member === member)?.admission;
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

/**
 * Monotonic time at which this member is left behind: members of a later epoch served all that they have, or others are
 * in epochs that it does not know and no member is in its own. `undefined` unless there is a sign of this.
 */
function leftBehindAtMs(tx: ActiveTransaction): number | undefined {
  const { servedAtMs, aloneSinceMs } = tx.state.repair;
  const { commitInactivityMs } = tx.state.config;
  if (!policyOf(tx).allowsRejoin || choosesOwnRemoval(tx)) return undefined;
  const times = [
    servedAtMs === undefined ? [] : [servedAtMs + SERVED_TIMEOUTS * commitInactivityMs],
    aloneSinceMs === undefined ? [] : [aloneSinceMs + ALONE_TIMEOUTS * commitInactivityMs],
  ].flat();
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Whether this member has chosen a commit that removes it: it does not ask to come back. */
function choosesOwnRemoval(tx: ActiveTransaction): boolean {
  const chosen = ownChoice(tx);
  return chosen !== undefined && tx.state.commit.candidates.get(chosen)?.staged.selfRemoved === true;
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
  enqueue(tx, announcement(keyPackage, tx.state.group.groupId), WELCOME_SUBTOPIC);
}

/**
 * Enters the epoch of a welcome that replaced this member's leaf. All that belongs to the epoch before is dropped, as are
 * stewards and scores, which follow with a ConversationSync; chat that waits stays.
 */
export function enterAgain(tx: ActiveTransaction, group: MlsGroup, admittedBy: MemberId): ActiveTransaction {
  const { env, state } = tx;
  const { plugins } = env;
  const from = state.group.epoch;
  const ownVotes = ownOpenVotes(tx);
  for (const { proposalId, request } of ownVotes)
    emit(tx, { kind: "proposalDecided", proposalId, request, result: "failed" });
  for (const { sequence, sealed } of state.outbox.entries)
    if (sealed !== undefined) tx.effects.push({ kind: "leftOutbox", sequence, published: false });
  const blank = joined(
    {
      ...state,
      outbox: { ...state.outbox, entries: state.outbox.entries.filter(({ sealed }) => sealed === undefined) },
      stewards: withoutList(tx),
      scores: withoutScores(tx),
    },
    { mode: modeOf(group), group, sessions: plugins.consensus.empty() },
  );
  const { chat, leave, rejoin, changes } = state;
  const isLeaving = ownVotes.some(({ request }) => removalTarget(request) === env.self);
  const requested = leave.requested || leave.dueAtMs !== undefined || isLeaving;
  const entered = enterGroup(tx, {
    ...blank,
    chat,
    leave: { ...blank.leave, requested },
    rejoin: { ...blank.rejoin, certifiedEpoch: rejoin.certifiedEpoch },
  });
  const dropped = changes.approved.map(({ proposalId, request }) => ({ proposalId, request }));
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
