import { proposeElection } from "./elections.js";
import { promotePendingUpdates } from "./pending-updates.js";
import type { Turn } from "./turn.js";

/**
 * Opens the votes that wait for nothing but leave to be opened: on stewards, where the list is exhausted, and on
 * buffered changes, where it is this member's turn.
 */
export async function openDueVotes(turn: Turn): Promise<void> {
  await proposeElection(turn, { recovery: false });
  await promotePendingUpdates(turn);
}
