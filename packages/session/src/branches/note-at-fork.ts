import { update, type ActiveTransaction } from "../model/transaction.js";

/** Time in ms after news of a fork in which the rest of it arrives. */
const FORK_SETTLING_MS = 5_000;

/** Plans to compare the branches again, after a choice or a commit of the epoch of a fork. */
export function noteAtFork(tx: ActiveTransaction, epoch: bigint): void {
  const { forks, judgeAtMs } = tx.state.branches;
  if (forks.has(epoch)) update(tx, "branches", { judgeAtMs: judgeAtMs ?? tx.env.nowMs + FORK_SETTLING_MS });
}
