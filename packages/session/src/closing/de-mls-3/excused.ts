import { rankCandidates } from "@demls/steward";
import type { MemberId } from "@demls/wire/core";
import type { ApprovedChange } from "../../model/changes.js";
import type { HeldCandidate } from "../../model/commit.js";
import { LIMITS } from "../../model/limits.js";
import type { ActiveTransaction } from "../../model/transaction.js";
import type { ObservedProposal } from "../../model/votes.js";
import { countObserved } from "../../voting/observed-proposals.js";
import { actionKey, isCountedRight, requestKey } from "../candidates.js";
import type { Difference } from "../reconcile.js";
import { violationOf } from "./validity.js";

/**
 * Differences between a valid candidate and the changes approved here, if they can arise among honest members: from the
 * order of the same votes (weakness W2), a deadline (W3), an evicted vote (W11) or votes that only 3.0.0 counts (W1).
 * Each proposal in question was received and decided here, and the same votes could have led to the other result; see
 * {@link mayBeApproved}.
 *
 * @returns `undefined` if there are no differences, or if one of them has another cause.
 */
export function excusedDifference(tx: ActiveTransaction, candidate: HeldCandidate): Difference | undefined {
  const { actions } = candidate.staged;
  const done = new Set(actions.map(actionKey));
  if (violationOf(tx, candidate) !== undefined) return undefined;
  // 3.0.0 rejects commits with duplicate changes, or changes without their own proposal.
  if (done.size < actions.length || !isCountedRight(candidate)) return undefined;
  const { approved } = tx.state.changes;
  const dropped = approved.filter(({ request }) => !done.has(requestKey(request)));
  const wanted = new Set(approved.map(({ request }) => requestKey(request)));
  const extra = [...done].filter((key) => !wanted.has(key));
  const added = extra.flatMap((key) => approvedElsewhere(tx, key) ?? []);
  if (dropped.length + extra.length === 0 || added.length < extra.length) return undefined;
  // A change approved after the candidate arrived may also be approved at its author, which then does not merge its own
  // candidate.
  const isExcused = dropped.every(
    (proposal) => candidate.approvedThen.includes(proposal.proposalId) && mayBeRejected(tx, proposal),
  );
  return isExcused ? { added, dropped } : undefined;
}

/** Proposal of a change that is not approved on this member but may be approved elsewhere. */
function approvedElsewhere(tx: ActiveTransaction, key: string): ApprovedChange | undefined {
  const observed = [...tx.state.votes.observed.values()].find(
    (proposal) => requestKey(proposal.request) === key && mayBeApproved(tx, proposal),
  );
  return (
    observed && { proposalId: observed.proposalId, request: observed.request, proposer: observed.proposer }
  );
}

/**
 * Whether other members may have approved a proposal that is neither approved nor open on this member. If this member
 * has decided it, missing votes may have been yes elsewhere. If this member has evicted or rejected it, missing votes
 * do not count as yes: members of this implementation do not vote on it, and any member can have its own proposal
 * evicted everywhere.
 */
function mayBeApproved(tx: ActiveTransaction, observed: ObservedProposal): boolean {
  const { env, state } = tx;
  if (state.votes.resolved.includes(observed.proposalId)) return resultsElsewhere(tx, observed).has("yes");
  const isOpen = env.plugins.consensus.tally(state.votes.sessions, observed.proposalId) !== undefined;
  return !isOpen && isCarriedByYeses(observed);
}

/** Whether at least two thirds of the voters voted yes: other votes cannot change the result. */
function isCarriedByYeses(observed: ObservedProposal): boolean {
  const { yes } = countObserved(observed);
  return yes > 0 && 3 * yes >= 2 * observed.expectedVoters;
}

function mayBeRejected(tx: ActiveTransaction, { proposalId }: ApprovedChange): boolean {
  const observed = tx.state.votes.observed.get(proposalId);
  if (observed === undefined) return false;
  const results = resultsElsewhere(tx, observed);
  return results.has("no") || results.has("failed");
}

function resultsElsewhere({ env }: ActiveTransaction, observed: ObservedProposal): ReadonlySet<string> {
  const { expectedVoters, livenessCriteriaYes } = observed;
  const votes = { ...countObserved(observed), expectedVoters, livenessCriteriaYes };
  return env.plugins.consensus.possibleResults?.(votes) ?? new Set();
}

/** The best of several excused candidates, in the ranking of all members. */
export function bestExcused(
  candidates: readonly HeldCandidate[],
  epochSteward: MemberId | undefined,
): HeldCandidate | undefined {
  return rankCandidates(candidates, {
    approvedCount: LIMITS.commitChanges,
    allowSubset: true,
    epochSteward,
  })[0];
}
