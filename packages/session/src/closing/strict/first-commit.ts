import type { Facts } from "../../model/fact.js";
import type { ActiveTransaction } from "../../model/transaction.js";
import { mergeClosing, mustNotMerge, viewOfEpoch } from "./close-epoch.js";
import { firstBranch, type Closing, type EpochView } from "./merge-rules.js";

/** Commit of the branch that precedes the others at a fork. */
interface FirstCommit {
  readonly view: EpochView;
  readonly closing: Closing;
  /** Whether this member must not merge it. */
  readonly isBlocked: boolean;
  /** Whether it removes this member. */
  readonly isRemoval: boolean;
}

/** The commit whose branch precedes the others in this epoch; `undefined` without one. */
export async function firstCommit(tx: ActiveTransaction): Promise<FirstCommit | undefined> {
  const view = await viewOfEpoch(tx);
  const closing = view && firstBranch(view);
  if (view === undefined || closing === undefined) return undefined;
  const isRemoval = tx.state.commit.candidates.get(closing.hash)?.staged.selfRemoved === true;
  return { view, closing, isBlocked: mustNotMerge(tx, view, closing), isRemoval };
}

/**
 * Merges the first commit after a return to its epoch.
 *
 * @param forkedAtMs - monotonic time since which this member keeps the epoch as a fork
 */
export function mergeFirst(
  tx: ActiveTransaction,
  { view, closing }: Pick<FirstCommit, "view" | "closing">,
  forkedAtMs: number,
): Promise<Facts | undefined> {
  return mergeClosing(tx, view, closing, forkedAtMs);
}
