import type { MemberId } from "@demls/wire/core";
import { entriesWhere, withEntry } from "../model/persistent-collections.js";
import { accusedOf, scoreRemovalRequest, type ChangeRequest } from "../model/request.js";
import type { HeldBackReason } from "../model/traced-decision.js";
import { isPendingRemoval, trace, update, type ActiveTransaction } from "../model/transaction.js";
import { proposeAutomatically } from "../voting/automatic-proposal.js";
import { fitsNextCommit } from "../voting/commit-capacity.js";
import { removalObjection } from "../voting/default-vote.js";
import { ownOpenVotes } from "../voting/open-votes.js";
import { openProposal, proposalBlock } from "../voting/propose.js";
import { hasFreeSlot } from "../voting/session-slots.js";

/**
 * Remembers a score removal that the group rejected because other members have another score. Proposing it again would
 * cost this member score with each rejection, up to its own removal (weakness W40).
 */
export function noteRejectedRemoval(tx: ActiveTransaction, target: MemberId): void {
  const { values, rejectedRemovals } = tx.state.scores;
  const score = tx.env.plugins.scoring.scoreFor(values, target);
  if (score === undefined) return;
  update(tx, "scores", { rejectedRemovals: withEntry(rejectedRemovals, target, score) });
}

/** Forgets rejected removals and convictions of former members, which start with a new score if they join again. */
export function forgetRejectedRemovals(tx: ActiveTransaction): void {
  const { group, scores } = tx.state;
  const isMember = (member: MemberId): boolean => group.members.includes(member);
  update(tx, "scores", {
    rejectedRemovals: entriesWhere(scores.rejectedRemovals, isMember),
    convicted: entriesWhere(scores.convicted, isMember),
  });
}

/**
 * Proposes to remove every member whose score fell to the threshold. Only stewards do so, for other members, and not
 * while the proposal is open or the removal approved.
 *
 * A removal that cannot be committed together with the approved and open changes waits until these are committed
 * (weakness W22). A rejected removal is proposed again only when the score has fallen further.
 */
export async function proposeScoreRemovals(tx: ActiveTransaction): Promise<void> {
  const { env } = tx;
  const { scoring, stewards } = env.plugins;
  const isSteward = stewards.isSteward(tx.state.stewards.list, env.self);
  const obstacle = proposalBlock(tx, "emergency");
  for (const target of scoring.membersBelowThreshold(tx.state.scores.values)) {
    const { group, scores } = tx.state;
    const score = scoring.scoreFor(scores.values, target);
    if (score === undefined || !group.members.includes(target)) continue;
    const request = scoreRemovalRequest(env.self, target, score, group.epoch);
    const reason =
      obstacle ?? (isSteward ? targetObstacle(tx, target, score, request) : "not-this-members-turn");
    if (reason !== undefined) trace(tx, { kind: "heldBack", operation: "scoreRemoval", target, reason });
    else await proposeAutomatically(tx, "scoreRemoval", () => openProposal(tx, request, "yes"));
  }
}

function targetObstacle(
  tx: ActiveTransaction,
  target: MemberId,
  score: bigint,
  request: ChangeRequest,
): HeldBackReason | undefined {
  if (target === tx.env.self) return "own-score";
  const isProposed = ownOpenVotes(tx).some((own) => accusedOf(own.request) === target);
  if (isProposed || isPendingRemoval(tx.state, target)) return "under-way";
  const rejectedAt = tx.state.scores.rejectedRemovals.get(target);
  if (rejectedAt !== undefined && score >= rejectedAt) return "refused-before";
  if (!hasFreeSlot(tx)) return "no-room";
  const isPossible = fitsNextCommit(tx, request) && removalObjection(tx, target) === undefined;
  return isPossible ? undefined : "changes-under-way";
}
