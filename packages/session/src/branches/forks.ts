import type { Fork } from "../model/branches.js";
import { LIMITS } from "../model/limits.js";
import { entriesWhere, withEntry, withoutKey } from "../model/persistent-collections.js";
import { update, type ActiveTransaction } from "../model/transaction.js";

/**
 * Keeps the epoch that a merged commit ends, so that this member can return to it when it meets another branch. Beyond
 * the bound the earlier forks stay, since only those lead to branches that parted earlier. Those of majorities go first:
 * another branch can exist there only if a member has chosen twice.
 */
export function keepFork(tx: ActiveTransaction, fork: Fork): void {
  const { forks } = tx.state.branches;
  const victim = [...forks].findLast(([, { isCertified }]) => isCertified)?.[0];
  const isFull = forks.size >= LIMITS.forks;
  if (isFull && (fork.isCertified || victim === undefined)) return;
  const kept = isFull && victim !== undefined ? withoutKey(forks, victim) : forks;
  update(tx, "branches", { forks: withEntry(kept, fork.state.group.epoch, fork) });
}

/** Monotonic time at which the branches are compared, or the oldest fork is forgotten. */
export function branchesDueMs({ state }: ActiveTransaction): number | undefined {
  const { forks, judgeAtMs } = state.branches;
  const times = [...forks.values()].map(({ atMs }) => atMs + LIMITS.forkAgeMs);
  if (judgeAtMs !== undefined) times.push(judgeAtMs);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Forgets the forks that are too old to return to. */
export function dropOldForks(tx: ActiveTransaction): void {
  const { forks } = tx.state.branches;
  const kept = entriesWhere(forks, (_, { atMs }) => tx.env.nowMs - atMs < LIMITS.forkAgeMs);
  if (kept !== forks) update(tx, "branches", { forks: kept });
}

/** A member of a left branch that has been let in here needs no voucher any more. */
export function forgetCompanions(tx: ActiveTransaction): void {
  const { companions } = tx.state.branches;
  const waiting = companions.filter((member) => !tx.state.group.members.includes(member));
  if (waiting.length < companions.length) update(tx, "branches", { companions: waiting });
}
