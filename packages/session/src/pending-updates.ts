import type { ConversationUpdateRequest } from "@demls/wire";
import { openRequests } from "./open-votes.js";
import { withEntry } from "./persistent-collections.js";
import { hasRoomForVote, openProposal, proposalBlock } from "./proposing.js";
import { LIMITS } from "./state.js";
import { eligibleStewards, update, type Turn } from "./turn.js";
import { membershipTarget } from "./update-request.js";

/**
 * Notes a membership change that was asked for, so that every member can propose it when its turn as
 * epoch steward comes. The first request about a member stays until it is settled or too old.
 *
 * @returns whether it is new.
 */
export function bufferPendingUpdate(turn: Turn, request: ConversationUpdateRequest): boolean {
  const { pendingUpdates, group } = turn.state;
  const target = membershipTarget(request);
  if (target === undefined || group === undefined) return false;
  if (pendingUpdates.has(target) || pendingUpdates.size >= LIMITS.pendingUpdates) return false;
  const entry = { request, firstSeenEpoch: group.epoch };
  update(turn, { pendingUpdates: withEntry(pendingUpdates, target, entry) });
  return true;
}

/** Whether this member is the steward whose turn it is, skipping members that are gone or going. */
export function isLiveEpochSteward(turn: Turn): boolean {
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
  if (turn.state.phase !== "working" || !isLiveEpochSteward(turn)) return;
  for (const [target, { request }] of turn.state.pendingUpdates) {
    if (proposalBlock(turn, "membership") !== undefined || !hasRoomForVote(turn)) return;
    const isMember = turn.state.group?.members.includes(target) ?? false;
    if (isMember !== (request.kind === "remove_member")) continue;
    const underWay = [...turn.state.approved.map((approved) => approved.request), ...openRequests(turn)];
    if (underWay.some((other) => membershipTarget(other) === target)) continue;
    await openProposal(turn, request, "deferred");
  }
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
