import { openAutomatically } from "./automatic-opening.js";
import { hasMembershipUnderWay } from "./commit-room.js";
import { withMember } from "./persistent-collections.js";
import { openProposal, proposalBlock } from "./proposing.js";
import { isPendingRemoval, update, type Turn } from "./turn.js";
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
  if (hasMembershipUnderWay(turn) || proposalBlock(turn, "emergency") !== undefined) return;
  if (!stewards.isSteward(turn.state.stewards, env.self)) return;
  const members = new Set(turn.state.group?.members ?? []);
  for (const target of scoring.membersBelowThreshold(turn.state.scores)) {
    const { group, scoreRemovals, scores } = turn.state;
    const score = scoring.scoreFor(scores, target);
    if (group === undefined || score === undefined || target === env.self || !members.has(target)) continue;
    if (scoreRemovals.has(target) || isPendingRemoval(turn.state, target)) continue;
    await openAutomatically(turn, "score removal", () => {
      update(turn, { scoreRemovals: withMember(scoreRemovals, target) });
      return openProposal(turn, scoreRemovalRequest(env.self, target, score, group.epoch), "yes");
    });
  }
}
