import type { MemberId } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";
import { withEntry, withoutKey } from "../model/persistent-collections.js";
import { membershipTarget, type ChangeRequest } from "../model/request.js";
import type { HeldBackReason } from "../model/traced-decision.js";
import { eligibleStewards, trace, update, type ActiveTransaction } from "../model/transaction.js";
import { proposeAutomatically } from "./automatic-proposal.js";
import { checkKeyPackage } from "./key-package-check.js";
import { requestsUnderWay } from "./open-votes.js";
import { hasRoomForVote, openProposal, requestBlock } from "./propose.js";

/** `"buffered"`, or the reason that a change was not buffered. */
export type BufferResult = "buffered" | "already-buffered" | "buffer-full";

/**
 * Buffers a membership change that was requested, so that every member can propose it when it is the epoch steward.
 * The first request about a member stays until it is decided or too old.
 *
 * Each kind has its own bound, because strangers can request adds at the cost of one key package each. A full buffer
 * evicts old requests: a group without commits has no epochs to expire them and would accept no newcomers.
 */
export function bufferPendingUpdate(tx: ActiveTransaction, request: ChangeRequest): BufferResult {
  const target = membershipTarget(request);
  if (target === undefined || tx.state.changes.pending.has(target)) return "already-buffered";
  if (!hasRoomFor(tx, request)) evictAged(tx);
  if (!hasRoomFor(tx, request)) return "buffer-full";
  const entry = { request, firstSeenEpoch: tx.state.group.epoch, firstSeenMs: tx.env.nowMs };
  update(tx, "changes", { pending: withEntry(tx.state.changes.pending, target, entry) });
  return "buffered";
}

function hasRoomFor({ state }: ActiveTransaction, { kind }: ChangeRequest): boolean {
  const alike = [...state.changes.pending.values()].filter(({ request }) => request.kind === kind);
  return alike.length < (kind === "remove" ? LIMITS.pendingRemovals : LIMITS.pendingInvitations);
}

function evictAged(tx: ActiveTransaction): void {
  const oldestMs = tx.env.nowMs - LIMITS.pendingUpdateAgeMs;
  const kept = [...tx.state.changes.pending].filter(([, { firstSeenMs }]) => firstSeenMs >= oldestMs);
  update(tx, "changes", { pending: new Map(kept) });
}

/** Deletes the buffered change of a member. */
export function dropPendingUpdate(tx: ActiveTransaction, target: MemberId | undefined): void {
  if (target === undefined) return;
  update(tx, "changes", { pending: withoutKey(tx.state.changes.pending, target) });
}

/** Whether this member is the epoch steward, skipping stewards that have left or have an approved removal. */
function isLiveEpochSteward(tx: ActiveTransaction): boolean {
  const { env, state } = tx;
  const { stewards } = env.plugins;
  const { epoch } = state.group;
  return stewards.epochSteward(state.stewards.list, epoch, eligibleStewards(tx)) === env.self;
}

/**
 * Proposes buffered changes as the epoch steward: those that still apply, are neither approved nor open, and fit the
 * next commit. Its own vote is requested like any other member's.
 */
export async function promotePendingUpdates(tx: ActiveTransaction): Promise<void> {
  for (const [target, { request }] of tx.state.changes.pending) {
    const obstacle = openingObstacle(tx, request);
    if (obstacle !== undefined) return holdBack(tx, undefined, obstacle);
    const reason = await targetObstacle(tx, target, request);
    if (reason !== undefined) {
      holdBack(tx, target, reason);
      continue;
    }
    const isOpened = await proposeAutomatically(tx, "bufferedChange", () =>
      openProposal(tx, request, "deferred"),
    );
    if (!isOpened) return;
  }
}

/** Reason that this member cannot propose a buffered change now. */
function openingObstacle(tx: ActiveTransaction, request: ChangeRequest): HeldBackReason | undefined {
  const block = requestBlock(tx, request);
  if (block !== undefined) return block;
  if (tx.state.epoch.votesDueAtMs !== undefined) return "quiet-after-commit";
  if (!isLiveEpochSteward(tx)) return "not-this-members-turn";
  return hasRoomForVote(tx, request) ? undefined : "no-room";
}

function holdBack(tx: ActiveTransaction, target: MemberId | undefined, reason: HeldBackReason): void {
  trace(tx, { kind: "heldBack", operation: "bufferedChange", target, reason });
}

async function targetObstacle(
  tx: ActiveTransaction,
  target: MemberId,
  request: ChangeRequest,
): Promise<HeldBackReason | undefined> {
  const isMember = tx.state.group.members.includes(target);
  if (isMember !== (request.kind === "remove")) return "moot";
  if (requestsUnderWay(tx).some((other) => membershipTarget(other) === target)) return "under-way";
  if (request.kind !== "add") return undefined;
  // A key package may expire after it was buffered, or share a key with a newer one.
  const check = await checkKeyPackage(tx, request.keyPackage);
  return check.ok ? undefined : "unsound-invitation";
}

/** Deletes changes that are in effect, and those buffered for too many epochs. */
export function prunePendingUpdates(tx: ActiveTransaction): void {
  const { group, changes, config } = tx.state;
  const members = new Set(group.members);
  const oldest = group.epoch - BigInt(config.pendingUpdateMaxEpochs);
  const kept = [...changes.pending].filter(
    ([target, { request, firstSeenEpoch }]) =>
      members.has(target) === (request.kind === "remove") && firstSeenEpoch >= oldest,
  );
  update(tx, "changes", { pending: new Map(kept) });
}
