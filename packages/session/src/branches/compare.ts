import { firstBranch } from "../freeze/merge-rules.js";
import { mergeClosing, viewOfEpoch } from "../freeze/closing.js";
import { dropOldForks } from "../freeze/forks.js";
import { NO_FACTS, type Facts } from "../model/fact.js";
import { withoutKey } from "../model/persistent-collections.js";
import { update, type ActiveTransaction } from "../model/transaction.js";
import { followRepairEpoch } from "../repair/epochs.js";
import { requestAll, requestPastEpoch } from "../repair/requests.js";
import { atFork } from "./at-fork.js";
import { returnToFork } from "./return-to-fork.js";

/** Time in ms after which a member that can follow the others only with a new leaf is checked again. */
const AGAIN_MS = 60_000;

/**
 * Compares the branches that are known at each fork, the oldest first, and moves to the one that precedes the others. A
 * fork without another branch is settled once a majority has chosen the commit that this member has merged.
 */
export async function compareBranches(tx: ActiveTransaction): Promise<Facts> {
  dropOldForks(tx);
  update(tx, "branches", { judgeAtMs: undefined });
  for (const [epoch, fork] of tx.state.branches.forks) {
    const first = await atFork(tx, fork, async (inner) => {
      const view = await viewOfEpoch(inner);
      return view && firstBranch(view);
    });
    if (first === undefined) continue;
    if (first.hash !== fork.merged) return changeBranch(tx, epoch, first.hash);
    if (first.isCertified) update(tx, "branches", { forks: withoutKey(tx.state.branches.forks, epoch) });
  }
  return NO_FACTS;
}

async function changeBranch(tx: ActiveTransaction, epoch: bigint, hash: string): Promise<Facts> {
  const fork = tx.state.branches.forks.get(epoch);
  if (fork === undefined) return NO_FACTS;
  // Its keys may have been used there: a new leaf is the only way back.
  if (tx.state.branches.left.includes(hash)) {
    const { servedAtMs } = tx.state.repair;
    update(tx, "repair", { servedAtMs: servedAtMs ?? tx.env.nowMs });
    update(tx, "branches", { judgeAtMs: tx.env.nowMs + AGAIN_MS });
    return NO_FACTS;
  }
  await returnToFork(tx, fork);
  const view = await viewOfEpoch(tx);
  const first = view && firstBranch(view);
  const facts = first && (await mergeClosing(tx, view, first));
  if (facts === undefined) {
    requestAll(tx, 0);
    return NO_FACTS;
  }
  await followRepairEpoch(tx);
  requestPastEpoch(tx);
  return facts;
}
