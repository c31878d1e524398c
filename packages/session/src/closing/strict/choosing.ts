import { bytesToHex } from "@demls/wire/core";
import type { HeldCandidate } from "../../model/commit.js";
import { trace, type ActiveTransaction } from "../../model/transaction.js";
import { isComplete } from "./lawful.js";
import { silentSteward } from "./silent-steward.js";
import { currentChoices, ownChoice } from "../../model/choices.js";
import { isLeaving } from "../../model/leaves.js";
import { sendChoice } from "../../lost-packets/index.js";

/**
 * Chooses the best lawful candidate at the end of the freeze: one that omits nothing, then the one that most members have
 * chosen, then by rank. A member whose leave is approved chooses none: it does not count in the commit that carries out its leave.
 */
export async function chooseCandidate(
  tx: ActiveTransaction,
  lawful: readonly HeldCandidate[],
): Promise<void> {
  if (isLeaving(tx) || ownChoice(tx) !== undefined) return;
  const choices = currentChoices(tx);
  const votesFor = ({ commitHash }: HeldCandidate): number =>
    choices.filter(({ commit }) => commit === bytesToHex(commitHash)).length;
  const isFull = (candidate: HeldCandidate): number => Number(isComplete(tx, candidate));
  const [best] = [...lawful].sort((a, b) => isFull(b) - isFull(a) || votesFor(b) - votesFor(a));
  if (best !== undefined) await choose(tx, best);
}

/**
 * Publishes this member's choice, and whether it misses a candidate of the steward whose turn the commit is. It is stored
 * before it is sent, and it is the only one in the epoch: the other members count on it.
 */
export async function choose(
  tx: ActiveTransaction,
  { steward, commitHash, staged }: HeldCandidate,
): Promise<void> {
  trace(tx, { kind: "candidateBacked", steward, commitHash: bytesToHex(commitHash) });
  if (ownChoice(tx) !== undefined) return;
  await sendChoice(tx, commitHash, await silentSteward(tx, staged));
}
