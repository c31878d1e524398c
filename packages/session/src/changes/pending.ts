import type { MemberId } from "@demls/wire/core";
import type { PendingUpdate } from "../model/changes.js";
import { entriesWhere, withEntry, withoutKey } from "../model/persistent-collections.js";
import { update, type ActiveTransaction } from "../model/transaction.js";

/** Buffers the requested change of a member, in the place of an earlier one. */
export function putPending(tx: ActiveTransaction, target: MemberId, change: PendingUpdate): void {
  update(tx, "changes", { pending: withEntry(tx.state.changes.pending, target, change) });
}

/** Deletes the requested change of a member. */
export function deletePending(tx: ActiveTransaction, target: MemberId): void {
  update(tx, "changes", { pending: withoutKey(tx.state.changes.pending, target) });
}

/** Deletes requested changes: all but those to keep. */
export function keepPending(
  tx: ActiveTransaction,
  isKept: (target: MemberId, change: PendingUpdate) => boolean,
): void {
  const { pending } = tx.state.changes;
  const kept = entriesWhere(pending, isKept);
  if (kept !== pending) update(tx, "changes", { pending: kept });
}

/** Notes the time since which a requested change is not proposed; `undefined`: this member waits for none. */
export function setProposalDue(tx: ActiveTransaction, sinceMs: number | undefined): void {
  update(tx, "changes", { proposalDueSinceMs: sinceMs });
}
