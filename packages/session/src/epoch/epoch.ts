import type { MemberId } from "@demls/wire/core";
import { update, type ActiveTransaction } from "../model/transaction.js";

/** Begins an epoch that this member enters now. */
export function enterNow(tx: ActiveTransaction): void {
  const { nowMs: enteredAtMs } = tx.env;
  update(tx, "epoch", { enteredAtMs, gapReported: undefined, divergenceReported: false });
}

/** Keeps the members of the ending epoch, whose votes may still arrive. */
export function keepVoters(tx: ActiveTransaction, members: readonly MemberId[]): void {
  update(tx, "epoch", { pastMembers: members });
}

/** Plans when the votes of the epoch are opened; `undefined`: they are. */
export function setVotesDue(tx: ActiveTransaction, atMs: number | undefined): void {
  update(tx, "epoch", { votesDueAtMs: atMs });
}

/** Notes that the application has heard of a later epoch. */
export function noteGap(tx: ActiveTransaction, ahead: bigint): void {
  update(tx, "epoch", { gapReported: ahead });
}

/** Notes that the application has heard of another state of the epoch. */
export function noteDivergence(tx: ActiveTransaction): void {
  update(tx, "epoch", { divergenceReported: true });
}
