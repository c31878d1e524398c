import { firstCommit, mergeFirst } from "../closing/index.js";
import type { Fork } from "../model/branches.js";
import { NO_FACTS, type Facts } from "../model/fact.js";
import { withoutKey } from "../model/persistent-collections.js";
import { update, type ActiveTransaction } from "../model/transaction.js";
import { atFork } from "./at-fork.js";
import { dropOldForks } from "./forks.js";
import { returnToFork } from "./return-to-fork.js";
import { followRepairEpoch, requestPackets } from "../lost-packets/index.js";

/** Time in ms after which a member that must not follow the others yet compares the branches again. */
const AGAIN_MS = 60_000;

type First = NonNullable<Awaited<ReturnType<typeof firstCommit>>>;

/**
 * Compares the known branches at each fork, the oldest fork first, and moves to the branch that precedes the others. A
 * fork without another branch is settled once a majority has chosen the commit that this member has merged.
 */
export async function compareBranches(tx: ActiveTransaction): Promise<Facts> {
  dropOldForks(tx);
  const { lostSinceMs = tx.env.nowMs } = tx.state.branches;
  update(tx, "branches", { judgeAtMs: undefined, lostSinceMs: undefined });
  for (const [epoch, fork] of tx.state.branches.forks) {
    const first = await atFork(tx, fork, firstCommit);
    if (first === undefined) continue;
    const { hash, isCertified } = first.closing;
    if (hash === fork.merged) {
      if (isCertified) update(tx, "branches", { forks: withoutKey(tx.state.branches.forks, epoch) });
    } else if (first.isBlocked) {
      update(tx, "branches", {
        judgeAtMs: tx.env.nowMs + AGAIN_MS,
        ...(!first.isRemoval && { lostSinceMs }),
      });
      return NO_FACTS;
    } else return changeBranch(tx, fork, first);
  }
  return NO_FACTS;
}

async function changeBranch(tx: ActiveTransaction, fork: Fork, first: First): Promise<Facts> {
  await returnToFork(tx, fork);
  const facts = await mergeFirst(tx, first, fork.atMs);
  await followRepairEpoch(tx);
  requestPackets(tx, "missedCommit");
  return facts ?? NO_FACTS;
}
