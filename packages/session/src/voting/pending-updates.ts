import type { ConversationUpdateRequest } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { proposeAutomatically } from "./automatic-proposal.js";
import { checkKeyPackage } from "./key-package-check.js";
import { requestsUnderWay } from "./open-votes.js";
import { withEntry } from "../model/persistent-collections.js";
import { hasRoomForVote, openProposal, proposalBlock } from "./propose.js";
import { LIMITS } from "../model/limits.js";
import type { HeldBackReason } from "../model/traced-decision.js";
import { trace, eligibleStewards, update, type Transaction } from "../model/transaction.js";
import { membershipTarget } from "../model/request.js";

/** Whether a change was noted; else why not. */
export type BufferResult = "noted" | "already-buffered" | "buffer-full";

/**
 * Notes a membership change that was asked for, so that every member can propose it when its turn as
 * epoch steward comes. The first request about a member stays until it is settled or too old.
 *
 * Removals are members' wishes; an invitation costs whoever makes it one key package, so strangers could
 * fill the buffer: each kind has room of its own. Where it is full, what has waited for long gives way, or a
 * group that makes no commits, and so has no epochs to go by, would be closed to newcomers for good.
 */
export function bufferPendingUpdate(tx: Transaction, request: ConversationUpdateRequest): BufferResult {
  const { group } = tx.state;
  const target = membershipTarget(request);
  if (target === undefined || group === undefined || tx.state.pendingUpdates.has(target)) {
    return "already-buffered";
  }
  if (!hasRoomFor(tx, request)) dropAged(tx);
  if (!hasRoomFor(tx, request)) return "buffer-full";
  const entry = { request, firstSeenEpoch: group.epoch, firstSeenMs: tx.env.nowMs };
  update(tx, { pendingUpdates: withEntry(tx.state.pendingUpdates, target, entry) });
  return "noted";
}

function hasRoomFor({ state }: Transaction, { kind }: ConversationUpdateRequest): boolean {
  const alike = [...state.pendingUpdates.values()].filter(({ request }) => request.kind === kind);
  return alike.length < (kind === "remove_member" ? LIMITS.pendingRemovals : LIMITS.pendingInvitations);
}

function dropAged(tx: Transaction): void {
  const oldestMs = tx.env.nowMs - LIMITS.pendingUpdateAgeMs;
  const kept = [...tx.state.pendingUpdates].filter(([, { firstSeenMs }]) => firstSeenMs >= oldestMs);
  update(tx, { pendingUpdates: new Map(kept) });
}

/** Whether this member is the steward whose turn it is, skipping members that are gone or going. */
function isLiveEpochSteward(tx: Transaction): boolean {
  const { env, state } = tx;
  if (state.group === undefined) return false;
  const { stewards } = env.plugins;
  return stewards.epochSteward(state.stewards, state.group.epoch, eligibleStewards(tx)) === env.self;
}

/**
 * The epoch steward puts buffered changes to the vote: those that still make sense, are neither
 * approved nor being voted on, and for which there is room. It votes on them like everyone else.
 */
export async function promotePendingUpdates(tx: Transaction): Promise<void> {
  for (const [target, { request }] of tx.state.pendingUpdates) {
    const obstacle = openingObstacle(tx, request);
    if (obstacle !== undefined) return holdBack(tx, undefined, obstacle);
    const reason = await targetObstacle(tx, target, request);
    if (reason !== undefined) {
      holdBack(tx, target, reason);
      continue;
    }
    const opened = await proposeAutomatically(tx, "buffered change", () =>
      openProposal(tx, request, "deferred"),
    );
    if (!opened) return;
  }
}

/** What keeps this member from putting any buffered change to the vote now. */
function openingObstacle(tx: Transaction, request: ConversationUpdateRequest): HeldBackReason | undefined {
  const block = proposalBlock(tx, "membership");
  if (block !== undefined) return block;
  if (tx.state.epochVotesDueMs !== undefined) return "quiet-after-commit";
  if (!isLiveEpochSteward(tx)) return "not-this-members-turn";
  return hasRoomForVote(tx, request) ? undefined : "no-room";
}

function holdBack(tx: Transaction, target: MemberId | undefined, reason: HeldBackReason): void {
  trace(tx, { kind: "heldBack", operation: "buffered change", target, reason });
}

async function targetObstacle(
  tx: Transaction,
  target: MemberId,
  request: ConversationUpdateRequest,
): Promise<HeldBackReason | undefined> {
  const isMember = tx.state.group?.members.includes(target) ?? false;
  if (isMember !== (request.kind === "remove_member")) return "moot";
  if (requestsUnderWay(tx).some((other) => membershipTarget(other) === target)) return "under-way";
  if (request.kind !== "invite_member") return undefined;
  // What was sound when it came may have grown old, or lost to another with the same keys.
  const check = await checkKeyPackage(tx, request.keyPackageBytes);
  return check.ok ? undefined : "unsound-invitation";
}

/** Forgets changes that have come about, and those that waited too many epochs. */
export function prunePendingUpdates(tx: Transaction): void {
  const { group, pendingUpdates, config } = tx.state;
  if (group === undefined) return;
  const members = new Set(group.members);
  const oldest = group.epoch - BigInt(config.pendingUpdateMaxEpochs);
  const kept = [...pendingUpdates].filter(
    ([target, { request, firstSeenEpoch }]) =>
      members.has(target) === (request.kind === "remove_member") && firstSeenEpoch >= oldest,
  );
  update(tx, { pendingUpdates: new Map(kept) });
}
