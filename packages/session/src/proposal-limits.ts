import type { Proposal } from "@demls/wire";
import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import type { DefaultVote } from "./judgement.js";
import { withEntry } from "./persistent-collections.js";
import { LIMITS } from "./limits.js";
import { decide, policyOf, update, type Turn } from "./turn.js";
import type { ProposalKind } from "./update-request.js";

/**
 * Whether this member may not open one more. Of membership changes it opens half as many as are taken of it: what
 * is decided here may still be open at members that have not heard the last vote.
 */
export function hasTooManyOwnOpen(turn: Turn, kind: ProposalKind): boolean {
  const bound = policyOf(turn).openProposalsPerMember;
  return openProposalsOf(turn, turn.env.self).length >= (kind === "membership" ? bound / 2 : bound);
}

/**
 * The no to what should not have been proposed now: more than its proposer may have open, or less than the
 * emergency that is. Nobody is asked, but the vote is opened and counted like any other: members hear proposals in
 * different orders, and whoever left one out would part from those who did not.
 */
export function untimelyVote(turn: Turn, proposer: MemberId, kind: ProposalKind): DefaultVote | undefined {
  const { emergencyRefusesLesser, openProposalsPerMember } = policyOf(turn);
  if (openProposalsOf(turn, proposer).length >= openProposalsPerMember) {
    return { vote: false, reason: "too-many-proposals" };
  }
  const isLesser = kind !== "emergency" && turn.state.activeEmergencies.size > 0;
  return isLesser && emergencyRefusesLesser ? { vote: false, reason: "emergency-open" } : undefined;
}

/** Turns this member's vote on all that a member has open to no, once that is too much, whichever came first. */
export function opposeFlood(turn: Turn, proposer: MemberId): void {
  const open = openProposalsOf(turn, proposer);
  if (open.length <= policyOf(turn).openProposalsPerMember) return;
  for (const { proposalId } of open) {
    const armed = turn.state.autoVotes.get(proposalId);
    if (armed?.vote !== true) continue;
    update(turn, { autoVotes: withEntry(turn.state.autoVotes, proposalId, { ...armed, vote: false }) });
    decide(turn, { kind: "default-vote", proposalId, vote: false, reason: "too-many-proposals" });
  }
}

/**
 * Makes room for one more open proposal of a member where as many of its are remembered as may be. The one with the
 * largest id goes, so that the same ones stay at all members, in whatever order they came.
 *
 * @returns `false` where that is the new one.
 */
export function makeRoomFor(turn: Turn, { proposalId }: Proposal, proposer: MemberId): boolean {
  const open = openProposalsOf(turn, proposer);
  if (!policyOf(turn).keepsOpenVotes || open.length < LIMITS.rememberedProposalsPerMember) return true;
  const largest = Math.max(...open.map((other) => other.proposalId));
  if (largest < proposalId) return false;
  update(turn, { consensus: turn.env.plugins.consensus.forget(turn.state.consensus, largest) });
  return true;
}

function openProposalsOf({ env, state }: Turn, member: MemberId): readonly Proposal[] {
  return env.plugins.consensus
    .proposals(state.consensus)
    .filter((tally) => tally.state === "active" && memberIdFromBytes(tally.proposal.proposalOwner) === member)
    .map(({ proposal }) => proposal);
}
