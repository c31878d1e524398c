import type { StagedCommit } from "@demls/mls";
import type { MemberId } from "@demls/wire/core";
import { removedBy } from "../../model/commit.js";
import type { ActiveTransaction } from "../../model/transaction.js";
import { presentStewards } from "../../presence/index.js";

/**
 * The steward whose turn a commit is. Its candidate comes first among those with as many changes. It has missed its
 * turn if it sent none and another member's commit is merged. The turn follows from the commit and from the list with which
 * the epoch began, so that all rank and score alike. Members that the commit removes, or whose leaves it replaces, could not
 * make it.
 */
export function turnOf(tx: ActiveTransaction, staged: StagedCommit): MemberId | undefined {
  const gone = removedBy(staged.actions);
  return openingSteward(tx, (member) => !gone.has(member));
}

/**
 * The epoch steward by the list with which the epoch began. A later election gives rights and changes no rank, because
 * some members have not received it. Without a list at the beginning, the one elected last counts.
 *
 * @param isEligible - members that can be; all by default.
 */
export function openingSteward(
  { env, state }: ActiveTransaction,
  isEligible: (member: MemberId) => boolean = () => true,
): MemberId | undefined {
  const { stewards } = env.plugins;
  const { group, stewards: elected } = state;
  const { opening, list } = elected;
  const isThere = (member: MemberId): boolean => group.members.includes(member) && isEligible(member);
  // A list elected in this epoch became the opening one only for members that received its election first.
  const isEarlier = opening !== undefined && stewards.currentList(opening)?.electionEpoch !== group.epoch;
  return stewards.epochSteward(isEarlier ? opening : list, group.epoch, isThere);
}

/** Stewards that send a candidate: those on the list, and the one whose turn it was before an election of the epoch. */
export function awaitedStewards(tx: ActiveTransaction): readonly MemberId[] {
  const isThere = presentStewards(tx);
  const listed = tx.env.plugins.stewards.stewardMembers(tx.state.stewards.list, isThere);
  const first = openingSteward(tx, isThere);
  return first === undefined || listed.includes(first) ? listed : [...listed, first];
}
