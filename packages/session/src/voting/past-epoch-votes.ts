import type { MlsGroup } from "@demls/mls";
import type { AppMessage } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";
import { policyOf, update, type ActiveTransaction } from "../model/transaction.js";

/**
 * Whether a message sealed in the epoch before still counts: a proposal or a vote that a commit overtook. A member
 * that merged before it arrived would otherwise count without it while all others count with it (weakness W44).
 */
export function countsInPastEpoch(tx: ActiveTransaction, { kind }: AppMessage): boolean {
  if (!policyOf(tx).countsPastEpochVotes || (kind !== "proposal" && kind !== "vote")) return false;
  return tx.env.nowMs - tx.state.epoch.enteredAtMs <= LIMITS.pastEpochChatMs;
}

/** Keeps the members of an epoch that ends, whose votes may still arrive. */
export function keepPastMembers(tx: ActiveTransaction, { members }: MlsGroup): void {
  if (policyOf(tx).countsPastEpochVotes) update(tx, "epoch", { pastMembers: members });
}

/** The members of `epoch`, which vote on its proposals. */
export function membersIn({ state }: ActiveTransaction, epoch: bigint): readonly MemberId[] {
  return epoch === state.group.epoch ? state.group.members : state.epoch.pastMembers;
}

/** Whether a vote of this sender may count on some proposal. The electorates say on which ones. */
export function mayVote({ state }: ActiveTransaction, sender: MemberId): boolean {
  return state.group.members.includes(sender) || state.epoch.pastMembers.includes(sender);
}
