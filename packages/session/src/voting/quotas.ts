import type { MemberId } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";
import type { ProposalKind } from "../model/request.js";
import { policyOf, trace, type ActiveTransaction } from "../model/transaction.js";
import type { OpenVote } from "../model/votes.js";
import type { DefaultVote } from "./default-vote.js";
import { forgetVote, isEmergencyOpen, openVotes, updateVote } from "./open-votes.js";

/**
 * Whether this member may open no further proposal. Of membership changes it opens half as many as peers accept of
 * it: a vote that is decided here may still be open at members that have not received the last vote.
 */
export function hasTooManyOwnOpen(tx: ActiveTransaction, kind: ProposalKind): boolean {
  const bound = policyOf(tx).openProposalsPerMember;
  return openVotesOf(tx, tx.env.self).length >= (kind === "membership" ? bound / 2 : bound);
}

/**
 * The no to a proposal that should not have been made now: its proposer has too many open, or an emergency is open
 * and goes first. This member is not asked, yet the vote is opened and counted like any other: members receive
 * proposals in different orders, and one that left a proposal out would diverge from those that did not.
 */
export function untimelyVote(
  tx: ActiveTransaction,
  proposer: MemberId,
  kind: ProposalKind,
): DefaultVote | undefined {
  const { emergencyBlocksLesser, openProposalsPerMember } = policyOf(tx);
  if (openVotesOf(tx, proposer).length >= openProposalsPerMember) {
    return { vote: false, reason: "too-many-proposals" };
  }
  const isBlocked = kind !== "emergency" && emergencyBlocksLesser && isEmergencyOpen(tx);
  return isBlocked ? { vote: false, reason: "emergency-open" } : undefined;
}

/** Turns the default vote on all open proposals of a member to no once they are too many, in whatever order. */
export function opposeFlood(tx: ActiveTransaction, proposer: MemberId): void {
  const open = openVotesOf(tx, proposer);
  if (open.length <= policyOf(tx).openProposalsPerMember) return;
  for (const { proposalId, defaultVote } of open) {
    if (defaultVote?.vote !== true) continue;
    updateVote(tx, proposalId, { defaultVote: { ...defaultVote, vote: false } });
    trace(tx, { kind: "defaultVote", proposalId, vote: false, reason: "too-many-proposals" });
  }
}

/**
 * Makes room for one more open proposal of a member that has as many open as are remembered. The one with the largest
 * id is evicted, so that all members keep the same ones, whatever order they arrived in.
 *
 * @returns `false` where the new one is evicted.
 */
export function makeRoomFor(tx: ActiveTransaction, proposalId: number, proposer: MemberId): boolean {
  const open = openVotesOf(tx, proposer);
  if (!policyOf(tx).proposalRules.keepsActive || open.length < LIMITS.rememberedProposalsPerMember)
    return true;
  const largest = Math.max(...open.map((other) => other.proposalId));
  if (largest < proposalId) return false;
  forgetVote(tx, largest);
  return true;
}

function openVotesOf(tx: ActiveTransaction, member: MemberId): readonly OpenVote[] {
  return openVotes(tx).filter(({ proposer }) => proposer === member);
}
