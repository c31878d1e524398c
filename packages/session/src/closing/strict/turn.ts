import type { StagedCommit } from "@demls/mls";
import { bytesToHex, concatBytes, memberIdToBytes, type MemberId } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { removedBy } from "../../model/commit.js";
import { derivedList, stewardSeed } from "../../model/steward-seed.js";
import type { ActiveTransaction } from "../../model/transaction.js";
import { presentStewards } from "../../presence/index.js";

/**
 * The steward whose turn a commit is. It has missed its turn if it sent none and another member's commit is merged. The turn
 * follows from the commit and from the list with which the epoch began, so that all score alike. Members that the commit
 * removes, or whose leaves it replaces, could not make it.
 */
export function turnOf(tx: ActiveTransaction, staged: StagedCommit): MemberId | undefined {
  const gone = removedBy(staged.actions);
  return openingSteward(tx, (member) => !gone.has(member));
}

/**
 * The steward whose commit comes first among those with as many changes: that of the list with which the epoch began. Unlike
 * at {@link turnOf}, no elected list stands in for it. Members that are apart elect different lists, and would each put
 * their own side's commit first. So it is then that of the list which all members of the epoch give in the first round.
 */
export function firstByRank(tx: ActiveTransaction, staged: StagedCommit): MemberId | undefined {
  const { stewards } = tx.env.plugins;
  const { epoch, members } = tx.state.group;
  const gone = removedBy(staged.actions);
  const isThere = (member: MemberId): boolean => members.includes(member) && !gone.has(member);
  const opening = openingList(tx);
  const isInForce = opening !== undefined && !stewards.isExhausted(opening, epoch);
  return stewards.epochSteward(isInForce ? opening : derivedList(tx, members, 0), epoch, isThere);
}

/** The list of the record that opened the epoch. A joiner without it knows only lists that it was told of. */
function openingList({ env, state }: ActiveTransaction): unknown {
  const { record, stewards, group } = state;
  const opening = record.opening?.list ?? stewards.opening ?? stewards.list;
  const list = env.plugins.stewards.currentList(opening);
  return list === undefined || list.electionEpoch === group.epoch ? undefined : opening;
}

/**
 * The epoch steward by the list with which the epoch began. A later election gives rights and changes no turn, because
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

/** The stewards in the order in which they commit, each if those before have not: the epoch steward, then the others of the list. */
export function stewardsInLine(tx: ActiveTransaction): readonly MemberId[] {
  const stewards = awaitedStewards(tx);
  const first = openingSteward(tx, (member) => stewards.includes(member));
  return [...stewards].sort((a, b) => Number(b === first) - Number(a === first));
}

/**
 * The other members that are there and do not leave, in the order in which they stand in. Nobody can choose an id that comes
 * early, since the order follows from the epoch too.
 */
export function othersInLine(tx: ActiveTransaction, stewards: readonly MemberId[]): readonly MemberId[] {
  const isThere = presentStewards(tx);
  return tx.state.group.members
    .filter((member) => isThere(member) && !stewards.includes(member))
    .map((member) => ({ member, order: orderOf(tx, member) }))
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .map(({ member }) => member);
}

/** Order of a member that nobody can choose, since it follows from the epoch. */
export function orderOf(tx: ActiveTransaction, member: MemberId): string {
  return bytesToHex(sha256(concatBytes(stewardSeed(tx) ?? new Uint8Array(0), memberIdToBytes(member))));
}
