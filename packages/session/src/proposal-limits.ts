import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { policyOf, type Turn } from "./turn.js";
import type { ProposalKind } from "./update-request.js";

/** Whether a member has as many proposals open as it may, so that a further one of its is refused. */
export function hasTooManyOpen(turn: Turn, member: MemberId): boolean {
  return openProposalsOf(turn, member) >= policyOf(turn).openProposalsPerMember;
}

/**
 * Whether this member may not open one more. Of membership changes it opens half as many as are taken of it: what
 * is decided here may still be open at members that have not heard the last vote.
 */
export function hasTooManyOwnOpen(turn: Turn, kind: ProposalKind): boolean {
  const bound = policyOf(turn).openProposalsPerMember;
  return openProposalsOf(turn, turn.env.self) >= (kind === "membership" ? bound / 2 : bound);
}

function openProposalsOf({ env, state }: Turn, member: MemberId): number {
  return env.plugins.consensus
    .proposals(state.consensus)
    .filter((tally) => tally.state === "active" && memberIdFromBytes(tally.proposal.proposalOwner) === member)
    .length;
}
