import type { MemberId } from "@demls/wire/core";
import { entriesWhere, withEntry, withoutKey } from "../model/persistent-collections.js";
import { repairEpochOf } from "../model/repair.js";
import { eligibleStewards, update, type ActiveTransaction } from "../model/transaction.js";
import { choicesIn } from "../model/choices.js";

/** Epochs in a row without a choice of a member, after which it counts as absent. */
const ABSENT_EPOCHS = 3;

/**
 * Time in ms, multiplied by the number of members, in which each present member is heard: members take turns, and at
 * least two report in each interval.
 */
const MEMBER_TURN_MS = 400_000;

/** Least such time in ms, for small groups. */
const LEAST_TURN_MS = 3_600_000;

/**
 * Whether a member counts as absent: it has not chosen a commit in three epochs, and was not heard since. It is not
 * elected, and a freeze does not wait for its candidate. Members may judge this differently, since they receive other
 * packets.
 */
export function isAbsent({ state }: ActiveTransaction, member: MemberId): boolean {
  return (state.presence.missedEpochs.get(member) ?? 0) >= ABSENT_EPOCHS;
}

/** Whether a member can be steward in this epoch, and does not count as absent. */
export function presentStewards(tx: ActiveTransaction): (member: MemberId) => boolean {
  const isEligible = eligibleStewards(tx);
  return (member) => isEligible(member) && !isAbsent(tx, member);
}

/** Whether a member made no choice in the last epoch whose choices are known, and was not heard since. */
export function hasMissedEpoch({ state }: ActiveTransaction, member: MemberId): boolean {
  return state.presence.missedEpochs.has(member);
}

/** Whether more than half of the members, with this one, were heard lately. */
export function isMajorityThere({ env, state }: ActiveTransaction): boolean {
  const { members } = state.group;
  const sinceMs = env.nowMs - Math.max(LEAST_TURN_MS, MEMBER_TURN_MS * members.length);
  const there = members.filter(
    (member) => member === env.self || (state.presence.heardAt.get(member) ?? -Infinity) >= sinceMs,
  );
  return 2 * there.length > members.length;
}

/**
 * Counts, at the end of an epoch, the members that have not chosen a commit in the one before. Choices of the ending epoch
 * may still be on their way.
 */
export function countMissedEpochs(tx: ActiveTransaction): void {
  const { group, repair, presence } = tx.state;
  const epoch = group.epoch - 1n;
  const roster = repairEpochOf(repair, epoch)?.roster ?? [];
  const positions = new Set(choicesIn(tx.state.repair, epoch).map(({ position }) => position));
  const isMember = (member: MemberId): boolean => group.members.includes(member);
  let missedEpochs = entriesWhere(presence.missedEpochs, isMember);
  // Without any choice, this member has joined since, or the commit was merged without them.
  const silent = positions.size === 0 ? [] : roster.filter((_, position) => !positions.has(position));
  for (const { member } of silent)
    if (member !== tx.env.self && isMember(member))
      missedEpochs = withEntry(missedEpochs, member, (missedEpochs.get(member) ?? 0) + 1);
  for (const position of positions) {
    const member = roster[position]?.member;
    if (member !== undefined && missedEpochs.has(member)) missedEpochs = withoutKey(missedEpochs, member);
  }
  update(tx, "presence", { missedEpochs, heardAt: entriesWhere(presence.heardAt, isMember) });
}
