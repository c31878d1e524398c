import { allCandidatesIn, isValid } from "./candidates.js";
import { selectCandidate } from "./selection.js";
import { eligibleStewards, requireGroup, update, type Transaction } from "../model/transaction.js";

/**
 * Takes up a valid candidate that came after this member's own freeze had ended. Its author has merged it at the
 * end of its own freeze, so to go on waiting for an election is to lose the group.
 *
 * What others of the group had in their freeze may all still be on its way here. So the selection is at once
 * only where no better candidate can come: all are in, or it is the epoch steward's. Otherwise it waits for
 * `recoveryInactivityMs`.
 */
export async function takeLateCandidate(tx: Transaction): Promise<void> {
  if (allCandidatesIn(tx) || hasBestCandidate(tx)) await selectCandidate(tx, "late-candidate");
  else if (tx.state.phaseAnchorMs === undefined) update(tx, { phaseAnchorMs: tx.env.nowMs });
}

/** When a late candidate is taken though better ones may come; `undefined` while there is none. */
export function lateSelectionDueMs({ state }: Transaction): number | undefined {
  if (state.phase !== "reelection" || state.phaseAnchorMs === undefined) return undefined;
  return state.phaseAnchorMs + state.config.recoveryInactivityMs;
}

/** Whether the epoch steward's candidate is here: of valid ones that do all that is approved, it goes first. */
function hasBestCandidate(tx: Transaction): boolean {
  const { env, state } = tx;
  const { epoch } = requireGroup(tx);
  const steward = env.plugins.stewards.epochSteward(state.stewards, epoch, eligibleStewards(tx));
  const candidate = steward && state.candidates.get(steward);
  return candidate?.proposalCount === state.approved.length && isValid(tx, candidate);
}
