import type { ConversationUpdateRequest } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { openAutomatically } from "./automatic-opening.js";
import { hasRoomToCarryOut } from "./commit-room.js";
import { withMember } from "./persistent-collections.js";
import { openProposal, proposalBlock } from "./proposing.js";
import type { HeldBackReason } from "./traced-decision.js";
import { decide, isPendingRemoval, update, type Turn } from "./turn.js";
import { scoreRemovalRequest } from "./update-request.js";

/**
 * Proposes to remove every member whose score fell to the threshold. Stewards do so, for others than
 * themselves, and once: neither while such a vote is open nor while the removal waits for its commit.
 *
 * Nothing is proposed that could not be committed beside what is approved or being voted on: another score
 * removal included, it waits until that work is done (weakness W22).
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
    const reason = obstacle ?? (isSteward ? targetObstacle(turn, target, request) : "not-this-members-turn");
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
  request: ConversationUpdateRequest,
): HeldBackReason | undefined {
  if (target === turn.env.self) return "own-score";
  if (turn.state.scoreRemovals.has(target) || isPendingRemoval(turn.state, target)) return "under-way";
  return hasRoomToCarryOut(turn, request) ? undefined : "changes-under-way";
}
