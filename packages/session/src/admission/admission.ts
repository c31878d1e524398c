import type { MemberId } from "@demls/wire/core";
import type { Admitted, Arrival, AskedConfirmation, KeptWelcome } from "../model/joining.js";
import { LIMITS } from "../model/limits.js";
import { appendBounded } from "../model/persistent-collections.js";
import { update, type ActiveTransaction } from "../model/transaction.js";

/** Replaces the arrivals of members. */
export function keepArrivals(tx: ActiveTransaction, arrivals: ReadonlyMap<MemberId, Arrival>): void {
  update(tx, "admission", { arrivals });
}

/** Notes key packages that are spent: an old announcement of one adds no member. Beyond the bound the oldest are forgotten. */
export function spendKeyPackages(tx: ActiveTransaction, references: readonly string[]): void {
  const { spent } = tx.state.admission;
  update(tx, "admission", { spent: [...spent, ...references].slice(-LIMITS.spentKeyPackages) });
}

/** Notes key packages that were spent before this member was there: they are forgotten first. */
export function spendEarlierKeyPackages(tx: ActiveTransaction, references: readonly string[]): void {
  const { spent } = tx.state.admission;
  update(tx, "admission", { spent: [...new Set([...references, ...spent])].slice(-LIMITS.spentKeyPackages) });
}

/** Keeps a welcome of this member, in the place of an earlier copy. */
export function keepWelcome(tx: ActiveTransaction, kept: KeptWelcome, earlier?: KeptWelcome): void {
  const { welcomes } = tx.state.admission;
  update(tx, "admission", {
    welcomes:
      earlier === undefined
        ? appendBounded(welcomes, kept, LIMITS.keptWelcomes)
        : welcomes.map((other) => (other === earlier ? kept : other)),
  });
}

/** Notes key packages whose commits this member has merged. */
export function keepAdmitted(tx: ActiveTransaction, added: readonly Admitted[]): void {
  const { admitted } = tx.state.admission;
  update(tx, "admission", { admitted: [...admitted, ...added].slice(-LIMITS.admittedJoiners) });
}

/** Replaces the confirmations that joiners have asked for. */
export function keepConfirmations(
  tx: ActiveTransaction,
  confirmations: ReadonlyMap<string, AskedConfirmation>,
): void {
  update(tx, "admission", { confirmations });
}
