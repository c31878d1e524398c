import type { MlsGroup } from "@demls/mls";
import type { AppMessage } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";
import { policyOf, requireGroup, update, type Transaction } from "../model/transaction.js";

/**
 * Whether a message that was sealed in the epoch before is still taken, though it is no chat: a proposal or a vote
 * that a commit overtook on its way. Who merged before it came would otherwise count without it what all others
 * count with it (weakness W44).
 */
export function countsInPastEpoch(tx: Transaction, { kind }: AppMessage): boolean {
  if (!policyOf(tx).countsPastEpochVotes || (kind !== "proposal" && kind !== "vote")) return false;
  return tx.env.nowMs - tx.state.epochEnteredMs <= LIMITS.pastEpochChatMs;
}

/** Notes, when an epoch ends, who voted in it. */
export function keepPastMembers(tx: Transaction, { members }: MlsGroup): void {
  if (policyOf(tx).countsPastEpochVotes) update(tx, { pastMembers: members });
}

/** Who votes on what was proposed in `epoch`: its members. */
export function membersIn(tx: Transaction, epoch: bigint): readonly MemberId[] {
  const { epoch: current, members } = requireGroup(tx);
  return epoch === current ? members : tx.state.pastMembers;
}

/** Whether a vote of this sender may count on some proposal; on which ones, their electorates say. */
export function mayVote(tx: Transaction, sender: MemberId): boolean {
  return requireGroup(tx).members.includes(sender) || tx.state.pastMembers.includes(sender);
}
