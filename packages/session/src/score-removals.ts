import type { MemberId } from "@demls/wire/core";
import { openAutomatically } from "./automatic-opening.js";
import { hasMembershipUnderWay } from "./commit-room.js";
import { withMember } from "./persistent-collections.js";
import { openProposal, proposalBlock } from "./proposing.js";
import type { HeldBackReason } from "./traced-decision.js";
import { decide, isPendingRemoval, update, type Turn } from "./turn.js";
import { scoreRemovalRequest } from "./update-request.js";

/**
 * Proposes to remove every member whose score fell to the threshold. Stewards do so, for others than
 * themselves, and once: neither while such a vote is open nor while the removal waits for its commit.
 *
 * Nothing is proposed while a membership change is approved or being voted on: 3.0.0 members drop a commit that carries one of
 * several approved changes, and an urgent removal is committed alone (weakness W22). It is proposed
 * when that work is done.
 */
export async function proposeScoreRemovals(turn: Turn): Promise<void> {
  const { env } = turn;
  const { scoring, stewards } = env.plugins;
  const isSteward = stewards.isSteward(turn.state.stewards, env.self);
  const obstacle = hasMembershipUnderWay(turn) ? "changes-under-way" : proposalBlock(turn, "emergency");
  for (const target of scoring.membersBelowThreshold(turn.state.scores)) {
    const { group, scoreRemovals, scores } = turn.state;
    const score = scoring.scoreFor(scores, target);
    if (group === undefined || score === undefined || !group.members.includes(target)) continue;
    const reason = obstacle ?? (isSteward ? targetObstacle(turn, target) : "not-this-members-turn");
    if (reason !== undefined) {
      decide(turn, { kind: "held-back", operation: "score removal", target, reason });
      continue;
    }
    await openAutomatically(turn, "score removal", () => {
      update(turn, { scoreRemovals: withMember(scoreRemovals, target) });
      return openProposal(turn, scoreRemovalRequest(env.self, target, score, group.epoch), "yes");
    });
  }
}

function targetObstacle({ state, env }: Turn, target: MemberId): HeldBackReason | undefined {
  if (target === env.self) return "own-score";
  return state.scoreRemovals.has(target) || isPendingRemoval(state, target) ? "under-way" : undefined;
}
