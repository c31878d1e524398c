import type { Proposal } from "@demls/wire";
import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import type { DefaultVote } from "./default-vote.js";
import { withEntry } from "../model/persistent-collections.js";
import { LIMITS } from "../model/limits.js";
import { trace, policyOf, update, type Transaction } from "../model/transaction.js";
import type { ProposalKind } from "../model/request.js";

/**
 * Whether this member may not open one more. Of membership changes it opens half as many as are taken of it: what
 * is decided here may still be open at members that have not heard the last vote.
 */
export function hasTooManyOwnOpen(tx: Transaction, kind: ProposalKind): boolean {
  const bound = policyOf(tx).openProposalsPerMember;
  return openProposalsOf(tx, tx.env.self).length >= (kind === "membership" ? bound / 2 : bound);
}

/**
 * The no to what should not have been proposed now: more than its proposer may have open, or less than the
 * emergency that is. Nobody is asked, but the vote is opened and counted like any other: members hear proposals in
 * different orders, and whoever left one out would part from those who did not.
 */
export function untimelyVote(tx: Transaction, proposer: MemberId, kind: ProposalKind): DefaultVote | undefined {
  const { emergencyBlocksLesser, openProposalsPerMember } = policyOf(tx);
  if (openProposalsOf(tx, proposer).length >= openProposalsPerMember) {
    return { vote: false, reason: "too-many-proposals" };
  }
  const isLesser = kind !== "emergency" && tx.state.activeEmergencies.size > 0;
  return isLesser && emergencyBlocksLesser ? { vote: false, reason: "emergency-open" } : undefined;
}

/** Turns this member's vote on all that a member has open to no, once that is too much, whichever came first. */
export function opposeFlood(tx: Transaction, proposer: MemberId): void {
  const open = openProposalsOf(tx, proposer);
  if (open.length <= policyOf(tx).openProposalsPerMember) return;
  for (const { proposalId } of open) {
    const armed = tx.state.defaultVotes.get(proposalId);
    if (armed?.vote !== true) continue;
    update(tx, { defaultVotes: withEntry(tx.state.defaultVotes, proposalId, { ...armed, vote: false }) });
    trace(tx, { kind: "defaultVote", proposalId, vote: false, reason: "too-many-proposals" });
  }
}

/**
 * Makes room for one more open proposal of a member where as many of its are remembered as may be. The one with the
 * largest id goes, so that the same ones stay at all members, in whatever order they came.
 *
 * @returns `false` where that is the new one.
 */
export function makeRoomFor(tx: Transaction, { proposalId }: Proposal, proposer: MemberId): boolean {
  const open = openProposalsOf(tx, proposer);
  if (!policyOf(tx).keepsOpenVotes || open.length < LIMITS.rememberedProposalsPerMember) return true;
  const largest = Math.max(...open.map((other) => other.proposalId));
  if (largest < proposalId) return false;
  update(tx, { consensus: tx.env.plugins.consensus.forget(tx.state.consensus, largest) });
  return true;
}

function openProposalsOf({ env, state }: Transaction, member: MemberId): readonly Proposal[] {
  return env.plugins.consensus
    .proposals(state.consensus)
    .filter((tally) => tally.state === "active" && memberIdFromBytes(tally.proposal.proposalOwner) === member)
    .map(({ proposal }) => proposal);
}
