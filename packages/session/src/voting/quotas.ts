import type { MemberId } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";
import type { ProposalKind } from "../model/request.js";
import { policyOf, trace, type ActiveTransaction } from "../model/transaction.js";
import type { OpenVote } from "../model/votes.js";
import type { DefaultVote } from "./default-vote.js";
import { forgetVote, isEmergencyOpen, openVotes, updateVote } from "./open-votes.js";

/**
 * Whether this member may open no further proposal. It opens half as many membership changes as peers accept, because a
 * vote decided on this member may still be open at peers.
 */
export function hasTooManyOwnOpen(tx: ActiveTransaction, kind: ProposalKind): boolean {
  const bound = policyOf(tx).openProposalsPerMember;
  return openVotesOf(tx, tx.env.self).length >= (kind === "membership" ? bound / 2 : bound);
}

/**
 * Default vote of no on an untimely proposal: its proposer has too many open proposals, or an emergency is open. This
 * member's vote is not requested, but the vote is opened and counted: members receive proposals in different orders,
 * and skipping one would make their states diverge.
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

/**
 * If a member has too many open proposals, sets the default vote on all of them to no, because members receive them in
 * different orders.
 */
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
 * Evicts one open proposal of a member if its proposals reach the bound: the one with the largest id, so that all
 * members keep the same ones in any order of arrival.
 *
 * @returns `false` if the new proposal itself is evicted.
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
