import { slotsIn } from "./packet-slots.js";
import { repairEpochOf, type PacketSlot, type Repair } from "./repair.js";
import { ownPosition } from "./roster.js";
import type { ActiveTransaction } from "./transaction.js";

/** Choice of a member. */
export type LoggedChoice = Extract<PacketSlot, { kind: "choice" }>;

/** Logged choices of the members of an epoch. */
export function choicesIn(repair: Pick<Repair, "log">, epoch: bigint): readonly LoggedChoice[] {
  return slotsIn(repair, epoch, "choice");
}

/** Chosen commits, by the position of their chooser in the epoch's roster. */
export type ChoicesByPosition = ReadonlyMap<number, ReadonlySet<string>>;

/** The commits that each member has chosen. More than one: the chooser is dishonest. */
export function byPosition(known: readonly LoggedChoice[]): ChoicesByPosition {
  const choices = new Map<number, Set<string>>();
  for (const { position, commit } of known)
    choices.set(position, (choices.get(position) ?? new Set()).add(commit));
  return choices;
}

/** Choices in the current epoch. */
export function currentChoices({ state }: ActiveTransaction): readonly LoggedChoice[] {
  return choicesIn(state.repair, state.group.epoch);
}

/** Hash of the commit that this member has chosen in the current epoch, in hex. */
export function ownChoice(tx: ActiveTransaction): string | undefined {
  const repairEpoch = repairEpochOf(tx.state.repair, tx.state.group.epoch);
  const own = repairEpoch && ownPosition(tx, repairEpoch);
  return currentChoices(tx).find(({ position }) => position === own)?.commit;
}
