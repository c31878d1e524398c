import { countedChanges } from "./candidates.js";
import { allCandidatesIn } from "./progress.js";
import { closingRules } from "./rules-of.js";
import { NO_FACTS, type Facts } from "../model/fact.js";
import { update, type ActiveTransaction } from "../model/transaction.js";

/**
 * Handles a valid candidate that arrived after this member's freeze. Its author merged it at the end of its own freeze,
 * so a member that waits for an election instead would lose the group.
 *
 * Other candidates of that freeze may still arrive. The selection is immediate only if no better candidate can arrive:
 * all are received, or it is the epoch steward's. Otherwise it waits for `recoveryInactivityMs`.
 */
export async function takeLateCandidate(tx: ActiveTransaction): Promise<Facts> {
  if (!(await closingRules(tx).takesLate(tx))) return NO_FACTS;
  if (allCandidatesIn(tx) || hasBestCandidate(tx)) return closingRules(tx).end(tx, "late-candidate");
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
  const rules = closingRules(tx);
  return [...commit.candidates.values()].some((candidate) => {
    const isTurn = rules.turnOf(tx, candidate.staged) === candidate.steward;
    const hasAll = countedChanges(tx, candidate) === changes.approved.length;
    return isTurn && hasAll && rules.isValid(tx, candidate);
  });
}
