import type { ConversationUpdateRequest } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { proposeAutomatically } from "../voting/automatic-proposal.js";
import { fitsNextCommit } from "../voting/commit-capacity.js";
import { removalObjection } from "../voting/default-vote.js";
import { entriesWhere, withEntry, withMember } from "../model/persistent-collections.js";
import { openProposal, proposalBlock } from "../voting/propose.js";
import type { HeldBackReason } from "../model/traced-decision.js";
import { trace, isPendingRemoval, update, type Transaction } from "../model/transaction.js";
import { scoreRemovalRequest } from "../model/request.js";
import { hasFreeSlot } from "../voting/session-slots.js";

/**
 * Remembers that the group refused a score removal: others see another score. Whoever asked again would pay for
 * each refusal until it has to go itself (weakness W40).
 */
export function noteRejectedRemoval(tx: Transaction, target: MemberId): void {
  const score = tx.env.plugins.scoring.scoreFor(tx.state.scores, target);
  if (score === undefined) return;
  update(tx, { rejectedRemovals: withEntry(tx.state.rejectedRemovals, target, score) });
}

/** Forgets what was refused of members that are gone: who comes back begins anew. */
export function forgetRejectedRemovals(tx: Transaction): void {
  const { group, rejectedRemovals } = tx.state;
  const isMember = (member: MemberId): boolean => group?.members.includes(member) ?? false;
  update(tx, { rejectedRemovals: entriesWhere(rejectedRemovals, isMember) });
}

/**
 * Proposes to remove every member whose score fell to the threshold. Stewards do so, for others than
 * themselves, and once: neither while such a vote is open nor while the removal waits for its commit.
 *
 * Nothing is proposed that could not be committed beside what is approved or being voted on: another score
 * removal included, it waits until that work is done (weakness W22). What was refused is proposed again once the score has
 * fallen further.
 */
export async function proposeScoreRemovals(tx: Transaction): Promise<void> {
  const { env } = tx;
  const { scoring, stewards } = env.plugins;
  const isSteward = stewards.isSteward(tx.state.stewards, env.self);
  const obstacle = proposalBlock(tx, "emergency");
  for (const target of scoring.membersBelowThreshold(tx.state.scores)) {
    const { group, scoreRemovals, scores } = tx.state;
    const score = scoring.scoreFor(scores, target);
    if (group === undefined || score === undefined || !group.members.includes(target)) continue;
    const request = scoreRemovalRequest(env.self, target, score, group.epoch);
    const reason =
      obstacle ?? (isSteward ? targetObstacle(tx, target, score, request) : "not-this-members-turn");
    if (reason !== undefined) {
      trace(tx, { kind: "heldBack", operation: "score removal", target, reason });
      continue;
    }
    await proposeAutomatically(tx, "score removal", () => {
      update(tx, { scoreRemovals: withMember(scoreRemovals, target) });
      return openProposal(tx, request, "yes");
    });
  }
}

function targetObstacle(
  tx: Transaction,
  target: MemberId,
  score: bigint,
  request: ConversationUpdateRequest,
): HeldBackReason | undefined {
  if (target === tx.env.self) return "own-score";
  if (tx.state.scoreRemovals.has(target) || isPendingRemoval(tx.state, target)) return "under-way";
  const refusedAt = tx.state.rejectedRemovals.get(target);
  if (refusedAt !== undefined && score >= refusedAt) return "refused-before";
  if (!hasFreeSlot(tx)) return "no-room";
  const isPossible = fitsNextCommit(tx, request) && removalObjection(tx, target) === undefined;
  return isPossible ? undefined : "changes-under-way";
}
