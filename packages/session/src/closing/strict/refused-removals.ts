import { bytesToHex } from "@demls/wire/core";
import { rejoinsIn } from "../../join/rejoin-requests.js";
import type { ChoicesByPosition } from "../../model/choices.js";
import { removedBy } from "../../model/commit.js";
import type { RepairEpoch } from "../../model/repair.js";
import type { ActiveTransaction } from "../../model/transaction.js";
import { isNewcomer } from "../../voting/newcomers.js";
import { lawfulCandidates } from "./lawful.js";
import { pendingLeaves } from "../../model/leaves.js";

/**
 * Hashes of the commits that this member refuses, however many have chosen them: they remove a member against its will
 * without this member's approval, and have their majority by newcomers. Otherwise the guests of one line could remove
 * the members before them without a vote.
 */
export async function refusedRemovals(
  tx: ActiveTransaction,
  { roster }: RepairEpoch,
  choices: ChoicesByPosition,
): Promise<ReadonlySet<string>> {
  if (!roster.some(({ member }) => isNewcomer(tx, member))) return new Set();
  const suspects = [...tx.state.commit.candidates.values()].filter(({ commitHash, staged }) => {
    const hash = bytesToHex(commitHash);
    const rejoins = rejoinsIn(tx, staged);
    const removed = [...removedBy(staged.actions)].filter((member) => !rejoins.has(member));
    const leavers = new Set(pendingLeaves(tx.state.changes.approved, removed));
    if (removed.every((member) => leavers.has(member))) return false;
    const settled = roster.flatMap(({ member }, position) =>
      removed.includes(member) || isNewcomer(tx, member) ? [] : [position],
    );
    const choosers = settled.filter((position) => choices.get(position)?.has(hash));
    return 2 * choosers.length <= settled.length;
  });
  if (suspects.length === 0) return new Set();
  const lawful = await lawfulCandidates(tx);
  const refused = suspects.filter((candidate) => !lawful.includes(candidate));
  return new Set(refused.map(({ commitHash }) => bytesToHex(commitHash)));
}

/** Choices without those of refused commits: their choosers count as members that have not chosen. */
export function withoutRefused(choices: ChoicesByPosition, refused: ReadonlySet<string>): ChoicesByPosition {
  if (refused.size === 0) return choices;
  const kept = [...choices].map(
    ([position, hashes]) => [position, new Set([...hashes].filter((hash) => !refused.has(hash)))] as const,
  );
  return new Map(kept.filter(([, hashes]) => hashes.size > 0));
}
