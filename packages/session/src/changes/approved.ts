import type { MemberId } from "@demls/wire/core";
import type { ApprovedChange } from "../model/changes.js";
import { update, type ActiveTransaction } from "../model/transaction.js";

/** Queues approved changes, after those that wait already. */
export function queueChanges(tx: ActiveTransaction, added: readonly ApprovedChange[]): void {
  update(tx, "changes", { approved: [...tx.state.changes.approved, ...added] });
}

/** Queues approved changes that the others have queued before this member was there. */
export function queueEarlierChanges(tx: ActiveTransaction, missed: readonly ApprovedChange[]): void {
  update(tx, "changes", { approved: [...missed, ...tx.state.changes.approved] });
}

/** Takes approved changes off the queue: all but those to keep. */
export function keepChanges(tx: ActiveTransaction, isKept: (change: ApprovedChange) => boolean): void {
  update(tx, "changes", { approved: tx.state.changes.approved.filter(isKept) });
}

/** Notes the member whose approved removal is urgent; `undefined`: none is. */
export function setUrgent(tx: ActiveTransaction, target: MemberId | undefined): void {
  update(tx, "changes", { urgentTarget: target });
}
