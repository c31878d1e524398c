import { firstBranch, type Closing, type EpochView } from "../closing/merge-rules.js";
import { mergeClosing, mustNotMerge, viewOfEpoch } from "../closing/close-epoch.js";
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

/** Commit of the branch that precedes the others at a fork. */
interface First {
  readonly view: EpochView;
  readonly closing: Closing;
  /** Whether this member must not merge it. */
  readonly isBlocked: boolean;
  /** Whether it removes this member. */
  readonly isRemoval: boolean;
}

/**
 * Compares the known branches at each fork, the oldest fork first, and moves to the branch that precedes the others. A
 * fork without another branch is settled once a majority has chosen the commit that this member has merged.
 */
export async function compareBranches(tx: ActiveTransaction): Promise<Facts> {
  dropOldForks(tx);
  const { lostSinceMs = tx.env.nowMs } = tx.state.branches;
  update(tx, "branches", { judgeAtMs: undefined, lostSinceMs: undefined });
  for (const [epoch, fork] of tx.state.branches.forks) {
    const first = await firstAt(tx, fork);
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

function firstAt(tx: ActiveTransaction, fork: Fork): Promise<First | undefined> {
  return atFork(tx, fork, async (inner) => {
    const view = await viewOfEpoch(inner);
    const closing = view && firstBranch(view);
    if (view === undefined || closing === undefined) return undefined;
    const isRemoval = inner.state.commit.candidates.get(closing.hash)?.staged.selfRemoved === true;
    return { view, closing, isBlocked: mustNotMerge(inner, view, closing), isRemoval };
  });
}

async function changeBranch(tx: ActiveTransaction, fork: Fork, { view, closing }: First): Promise<Facts> {
  await returnToFork(tx, fork);
  const facts = await mergeClosing(tx, view, closing, fork.atMs);
  await followRepairEpoch(tx);
  requestPackets(tx, "missedCommit");
  return facts ?? NO_FACTS;
}
