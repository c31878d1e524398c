import { rejoinsIn } from "../join/rejoin-requests.js";
import { sealQueuedMessages } from "../messages/chat.js";
import { NO_FACTS, type Facts } from "../model/fact.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { mayClose } from "../standing/index.js";
import { enterFreeze, isOvertaken } from "./freeze.js";
import { takeLateCandidate } from "./late-candidate.js";
import { allCandidatesIn, isKeyRenewalIn } from "./progress.js";
import { closingRules } from "./rules-of.js";

/**
 * Merges the agreed commit, or starts or ends a freeze if the candidates allow it.
 *
 * @param resumeWork - called if the conversation is working, and stays so
 */
export async function advanceClosing(
  tx: ActiveTransaction,
  resumeWork: (tx: ActiveTransaction) => Promise<void>,
): Promise<Facts> {
  const rules = closingRules(tx);
  const merged = await rules.merge(tx);
  if (merged !== undefined) return merged;
  if (!mayClose(tx)) {
    if (tx.state.phase === "working") await resumeWork(tx);
    else if (tx.state.phase !== "freezing") await sealQueuedMessages(tx);
    return NO_FACTS;
  }
  switch (tx.state.phase) {
    case "freezing":
      if ((await endsEarly(tx)) || isKeyRenewalIn(tx) || (isOvertaken(tx) && isAwaited(tx)))
        return rules.end(tx, "all-candidates-in");
      if (!rules.holdsStill) await sealQueuedMessages(tx);
      return NO_FACTS;
    case "working":
      // A candidate with more changes than are approved on this member may mean that votes are on their way. A freeze
      // before they arrive would make this member diverge.
      if ((isAwaited(tx) && (rules.holdsStill || (await endsEarly(tx)))) || isKeyRenewalIn(tx))
        await enterFreeze(tx, "candidate-arrived");
      else await resumeWork(tx);
      return NO_FACTS;
    case "reelection":
      await sealQueuedMessages(tx);
      return isAwaited(tx) ? takeLateCandidate(tx) : NO_FACTS;
    case "selection":
      await sealQueuedMessages(tx);
      return NO_FACTS;
  }
}

function endsEarly(tx: ActiveTransaction): Promise<boolean> {
  return closingRules(tx).endsEarly(tx, () => allCandidatesIn(tx));
}

/** Whether a candidate carries out what this member has approved, or may have. */
function isAwaited(tx: ActiveTransaction): boolean {
  const rules = closingRules(tx);
  const { changes, commit } = tx.state;
  return [...commit.candidates.values()].some((candidate) => {
    const hasWork = changes.approved.length > 0 || rejoinsIn(tx, candidate.staged).size > 0;
    return (hasWork && rules.isValid(tx, candidate)) || rules.isExcused(tx, candidate);
  });
}
