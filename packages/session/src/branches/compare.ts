import { firstCommit, mergeFirst } from "../closing/index.js";
import type { Fork } from "../model/branches.js";
import { NO_FACTS, type Facts } from "../model/fact.js";
import { withEntry } from "../model/persistent-collections.js";
import { update, type ActiveTransaction } from "../model/transaction.js";
import { atFork } from "./at-fork.js";
import { dropOldForks } from "./forks.js";
import { returnToFork } from "./return-to-fork.js";
import { followRepairEpoch, requestPackets } from "../lost-packets/index.js";

/** Time in ms after which a member that must not follow the others yet compares the branches again. */
const AGAIN_MS = 60_000;

type First = NonNullable<Awaited<ReturnType<typeof firstCommit>>>;

/**
 * Compares the known branches at each fork, the oldest fork first, and moves to the branch that precedes the others.
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
      if (isCertified && !fork.isCertified) noteCertified(tx, epoch);
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

function noteCertified(tx: ActiveTransaction, epoch: bigint): void {
  const { forks } = tx.state.branches;
  const fork = forks.get(epoch);
  if (fork !== undefined)
    update(tx, "branches", { forks: withEntry(forks, epoch, { ...fork, isCertified: true }) });
}
