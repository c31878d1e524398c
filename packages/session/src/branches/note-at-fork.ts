import { choicesIn } from "../model/choices.js";
import { settleForks } from "./settle-forks.js";
import { update, type ActiveTransaction } from "../model/transaction.js";

/** Time in ms after news of a fork in which the rest of it arrives. */
const FORK_SETTLING_MS = 5_000;

/** Plans to compare the branches again, after a choice or a commit of the epoch of a fork. */
export function noteAtFork(tx: ActiveTransaction, epoch: bigint): void {
  const { forks, judgeAtMs } = tx.state.branches;
  if (forks.has(epoch)) update(tx, "branches", { judgeAtMs: judgeAtMs ?? tx.env.nowMs + FORK_SETTLING_MS });
}

/** Plans to compare the branches after a choice, unless it is one for a commit that a majority had chosen before. */
export function noteChoice(tx: ActiveTransaction, epoch: bigint): void {
  settleForks(tx);
  const fork = tx.state.branches.forks.get(epoch);
  if (fork === undefined) return;
  const isContested = choicesIn(tx.state.repair, epoch).some(({ commit }) => commit !== fork.merged);
  if (isContested || !fork.isCertified) noteAtFork(tx, epoch);
}
