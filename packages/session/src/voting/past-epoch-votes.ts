import { keepVoters } from "../epoch/index.js";
import type { MlsGroup } from "@demls/mls";
import type { AppMessage } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";
import { policyOf, type ActiveTransaction } from "../model/transaction.js";

const COUNTED: ReadonlySet<AppMessage["kind"]> = new Set([
  "proposal",
  "vote",
  "unban",
  "invitation_notice",
  "member_confirmation",
] as const);

/**
 * Whether a message of the previous epoch still counts. If it did not, members that merged earlier would miss a vote
 * that all others count (weakness W44), or the end of an invitation.
 */
export function countsInPastEpoch(tx: ActiveTransaction, { kind }: AppMessage): boolean {
  if (!policyOf(tx).countsPastEpochVotes || !COUNTED.has(kind)) return false;
  return tx.env.nowMs - tx.state.epoch.enteredAtMs <= LIMITS.pastEpochChatMs;
}

/** Keeps the members of the ending epoch, whose votes may still arrive. */
export function keepPastMembers(tx: ActiveTransaction, { members }: MlsGroup): void {
  if (policyOf(tx).countsPastEpochVotes) keepVoters(tx, members);
}

/** The members of `epoch`, which vote on its proposals. */
export function membersIn({ state }: ActiveTransaction, epoch: bigint): readonly MemberId[] {
  return epoch === state.group.epoch ? state.group.members : state.epoch.pastMembers;
}

/** Whether a sender's vote may count on any proposal. The electorates decide on which ones. */
export function mayVote({ state }: ActiveTransaction, sender: MemberId): boolean {
  return state.group.members.includes(sender) || state.epoch.pastMembers.includes(sender);
}
