import { isFinal, type Fork } from "../model/branches.js";
import { byPosition, choicesIn } from "../model/choices.js";
import { entriesWhere } from "../model/persistent-collections.js";
import { update, type ActiveTransaction } from "../model/transaction.js";

/** Forgets the forks whose merged commits are final, and the planned comparison once none is left. */
export function settleForks(tx: ActiveTransaction): void {
  const { forks } = tx.state.branches;
  if (forks.size === 0) return;
  const kept = entriesWhere(forks, (epoch, fork) => !isFinal(followersOf(tx, epoch, fork), fork.voters));
  if (kept.size === forks.size) return;
  update(tx, "branches", { forks: kept, ...(kept.size === 0 && { judgeAtMs: undefined }) });
}

/** Number of members of a fork that have chosen the merged commit alone, or a commit after it. */
function followersOf(tx: ActiveTransaction, epoch: bigint, { state, merged }: Fork): number {
  const { repair } = tx.state;
  const { members, roster } = state.group;
  const chosenAlone = [...byPosition(choicesIn(repair, epoch))].filter(
    ([, commits]) => commits.size === 1 && commits.has(merged),
  );
  const followers = new Set(chosenAlone.map(([position]) => roster[position]?.member));
  for (const later of repair.epochs)
    if (later.epoch > epoch)
      for (const { position } of choicesIn(repair, later.epoch))
        followers.add(later.roster[position]?.member);
  return members.filter((member) => followers.has(member)).length;
}
