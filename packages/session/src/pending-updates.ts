import type { ConversationUpdateRequest } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { openAutomatically } from "./automatic-opening.js";
import { checkInvitation } from "./invitation-check.js";
import { requestsUnderWay } from "./open-votes.js";
import { withEntry } from "./persistent-collections.js";
import { hasRoomForVote, openProposal, requestBlock } from "./proposing.js";
import { LIMITS } from "./limits.js";
import type { HeldBackReason } from "./traced-decision.js";
import { decide, eligibleStewards, update, type Turn } from "./turn.js";
import { membershipTarget } from "./update-request.js";

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
export function bufferPendingUpdate(turn: Turn, request: ConversationUpdateRequest): BufferResult {
  const { group } = turn.state;
  const target = membershipTarget(request);
  if (target === undefined || group === undefined || turn.state.pendingUpdates.has(target)) {
    return "already-buffered";
  }
  if (!hasRoomFor(turn, request)) dropAged(turn);
  if (!hasRoomFor(turn, request)) return "buffer-full";
  const entry = { request, firstSeenEpoch: group.epoch, firstSeenMs: turn.env.nowMs };
  update(turn, { pendingUpdates: withEntry(turn.state.pendingUpdates, target, entry) });
  return "noted";
}

function hasRoomFor({ state }: Turn, { kind }: ConversationUpdateRequest): boolean {
  const alike = [...state.pendingUpdates.values()].filter(({ request }) => request.kind === kind);
  return alike.length < (kind === "remove_member" ? LIMITS.pendingRemovals : LIMITS.pendingInvitations);
}

function dropAged(turn: Turn): void {
  const oldestMs = turn.env.nowMs - LIMITS.pendingUpdateAgeMs;
  const kept = [...turn.state.pendingUpdates].filter(([, { firstSeenMs }]) => firstSeenMs >= oldestMs);
  update(turn, { pendingUpdates: new Map(kept) });
}

/** Whether this member is the steward whose turn it is, skipping members that are gone or going. */
function isLiveEpochSteward(turn: Turn): boolean {
  const { env, state } = turn;
  if (state.group === undefined) return false;
  const { stewards } = env.plugins;
  return stewards.epochSteward(state.stewards, state.group.epoch, eligibleStewards(turn)) === env.self;
}

/**
 * The epoch steward puts buffered changes to the vote: those that still make sense, are neither
 * approved nor being voted on, and for which there is room. It votes on them like everyone else.
 */
export async function promotePendingUpdates(turn: Turn): Promise<void> {
  for (const [target, { request }] of turn.state.pendingUpdates) {
    const obstacle = openingObstacle(turn, request);
    if (obstacle !== undefined) return holdBack(turn, undefined, obstacle);
    const reason = await targetObstacle(turn, target, request);
    if (reason !== undefined) {
      holdBack(turn, target, reason);
      continue;
    }
    const opened = await openAutomatically(turn, "buffered change", () =>
      openProposal(turn, request, "deferred"),
    );
    if (!opened) return;
  }
}

/** What keeps this member from putting any buffered change to the vote now. */
function openingObstacle(turn: Turn, request: ConversationUpdateRequest): HeldBackReason | undefined {
  const block = requestBlock(turn, request);
  if (block !== undefined) return block;
  if (turn.state.epochVotesDueMs !== undefined) return "quiet-after-commit";
  if (!isLiveEpochSteward(turn)) return "not-this-members-turn";
  return hasRoomForVote(turn, request) ? undefined : "no-room";
}

function holdBack(turn: Turn, target: MemberId | undefined, reason: HeldBackReason): void {
  decide(turn, { kind: "held-back", operation: "buffered change", target, reason });
}

async function targetObstacle(
  turn: Turn,
  target: MemberId,
  request: ConversationUpdateRequest,
): Promise<HeldBackReason | undefined> {
  const isMember = turn.state.group?.members.includes(target) ?? false;
  if (isMember !== (request.kind === "remove_member")) return "moot";
  if (requestsUnderWay(turn).some((other) => membershipTarget(other) === target)) return "under-way";
  if (request.kind !== "invite_member") return undefined;
  // What was sound when it came may have grown old, or lost to another with the same keys.
  const check = await checkInvitation(turn, request.keyPackageBytes);
  return check.ok ? undefined : "unsound-invitation";
}

/** Forgets changes that have come about, and those that waited too many epochs. */
export function prunePendingUpdates(turn: Turn): void {
  const { group, pendingUpdates, config } = turn.state;
  if (group === undefined) return;
  const members = new Set(group.members);
  const oldest = group.epoch - BigInt(config.pendingUpdateMaxEpochs);
  const kept = [...pendingUpdates].filter(
    ([target, { request, firstSeenEpoch }]) =>
      members.has(target) === (request.kind === "remove_member") && firstSeenEpoch >= oldest,
  );
  update(turn, { pendingUpdates: new Map(kept) });
}
