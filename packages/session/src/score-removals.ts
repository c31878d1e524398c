import type { ConversationUpdateRequest } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { openAutomatically } from "./automatic-opening.js";
import { hasRoomToCarryOut } from "./commit-room.js";
import { removalObjection } from "./judgement.js";
import { entriesWhere, withEntry, withMember } from "./persistent-collections.js";
import { openProposal, proposalBlock } from "./proposing.js";
import type { HeldBackReason } from "./traced-decision.js";
import { decide, isPendingRemoval, update, type Turn } from "./turn.js";
import { scoreRemovalRequest } from "./update-request.js";
import { hasFreePlace } from "./vote-places.js";

/**
 * Remembers that the group refused a score removal: others see another score. Whoever asked again would pay for
 * each refusal until it has to go itself (weakness W40).
 */
export function noteRefusedRemoval(turn: Turn, target: MemberId): void {
  const score = turn.env.plugins.scoring.scoreFor(turn.state.scores, target);
  if (score === undefined) return;
  update(turn, { refusedRemovals: withEntry(turn.state.refusedRemovals, target, score) });
}

/** Forgets what was refused of members that are gone: who comes back begins anew. */
export function forgetRefusedRemovals(turn: Turn): void {
  const { group, refusedRemovals } = turn.state;
  const isMember = (member: MemberId): boolean => group?.members.includes(member) ?? false;
  update(turn, { refusedRemovals: entriesWhere(refusedRemovals, isMember) });
}

/**
 * Proposes to remove every member whose score fell to the threshold. Stewards do so, for others than
 * themselves, and once: neither while such a vote is open nor while the removal waits for its commit.
 *
 * Nothing is proposed that could not be committed beside what is approved or being voted on: another score
 * removal included, it waits until that work is done (weakness W22). What was refused is proposed again once the score has
 * fallen further.
 */
export async function proposeScoreRemovals(turn: Turn): Promise<void> {
  const { env } = turn;
  const { scoring, stewards } = env.plugins;
  const isSteward = stewards.isSteward(turn.state.stewards, env.self);
  const obstacle = proposalBlock(turn, "emergency");
  for (const target of scoring.membersBelowThreshold(turn.state.scores)) {
    const { group, scoreRemovals, scores } = turn.state;
    const score = scoring.scoreFor(scores, target);
    if (group === undefined || score === undefined || !group.members.includes(target)) continue;
    const request = scoreRemovalRequest(env.self, target, score, group.epoch);
    const reason =
      obstacle ?? (isSteward ? targetObstacle(turn, target, score, request) : "not-this-members-turn");
    if (reason !== undefined) {
      decide(turn, { kind: "held-back", operation: "score removal", target, reason });
      continue;
    }
    await openAutomatically(turn, "score removal", () => {
      update(turn, { scoreRemovals: withMember(scoreRemovals, target) });
      return openProposal(turn, request, "yes");
    });
  }
}

function targetObstacle(
  turn: Turn,
  target: MemberId,
  score: bigint,
  request: ConversationUpdateRequest,
): HeldBackReason | undefined {
  if (target === turn.env.self) return "own-score";
  if (turn.state.scoreRemovals.has(target) || isPendingRemoval(turn.state, target)) return "under-way";
  const refusedAt = turn.state.refusedRemovals.get(target);
  if (refusedAt !== undefined && score >= refusedAt) return "refused-before";
  if (!hasFreePlace(turn)) return "no-room";
  const isPossible = hasRoomToCarryOut(turn, request) && removalObjection(turn, target) === undefined;
  return isPossible ? undefined : "changes-under-way";
}
