import { proposeElection } from "./elections.js";
import { promotePendingUpdates } from "../voting/pending-updates.js";
import type { Transaction } from "../model/transaction.js";

/**
 * Opens the votes that wait for nothing but leave to be opened: on stewards, where the list is exhausted, and on
 * buffered changes, where it is this member's turn.
 */
export async function openDueVotes(tx: Transaction): Promise<void> {
  await proposeElection(tx, { recovery: false });
  await promotePendingUpdates(tx);
}
