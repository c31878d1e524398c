import { allCandidatesIn, isValid, rankOf } from "./candidates.js";
import { lawfulCandidates, selectCandidate } from "./selection.js";
import { NO_FACTS, type Facts } from "../model/fact.js";
import { policyOf, update, type ActiveTransaction } from "../model/transaction.js";

/**
 * Handles a valid candidate that arrived after this member's freeze. Its author merged it at the end of its own freeze,
 * so a member that waits for an election instead would lose the group.
 *
 * Other candidates of that freeze may still arrive. The selection is immediate only if no better candidate can arrive:
 * all are received, or it is the epoch steward's. Otherwise it waits for `recoveryInactivityMs`.
 */
export async function takeLateCandidate(tx: ActiveTransaction): Promise<Facts> {
  // A strict conversation keeps the candidates that this member rejects: others may choose them.
  if (policyOf(tx).closesByChoice && (await lawfulCandidates(tx)).length === 0) return NO_FACTS;
  if (allCandidatesIn(tx) || hasBestCandidate(tx)) return selectCandidate(tx, "late-candidate");
  if (tx.state.commit.anchoredAtMs === undefined) update(tx, "commit", { anchoredAtMs: tx.env.nowMs });
  return NO_FACTS;
}

/**
 * Monotonic time at which a late candidate is selected although better ones may come; undefined without a late
 * candidate.
 */
export function lateSelectionDueMs({ state }: ActiveTransaction): number | undefined {
  const { anchoredAtMs } = state.commit;
  if (state.phase !== "reelection" || anchoredAtMs === undefined) return undefined;
  return anchoredAtMs + state.config.recoveryInactivityMs;
}

/** Whether the candidate of the steward whose turn it is was received. It ranks first among those with all approved changes. */
function hasBestCandidate(tx: ActiveTransaction): boolean {
  const { commit, changes } = tx.state;
  return [...commit.candidates.values()].some((candidate) => {
    const { isTurn, proposalCount } = rankOf(tx, candidate);
    return isTurn && proposalCount === changes.approved.length && isValid(tx, candidate);
  });
}
