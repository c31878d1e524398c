import { allCandidatesIn, isValid } from "./held-candidates.js";
import { selectCandidate } from "./selection.js";
import { eligibleStewards, requireGroup, update, type Turn } from "./turn.js";

/**
 * Takes up a valid candidate that came after this member's own freeze had ended. Its author has merged it at the
 * end of its own freeze, so to go on waiting for an election is to lose the group.
 *
 * What others of the group had in their freeze may all still be on its way here. So the selection is at once
 * only where no better candidate can come: all are in, or it is the epoch steward's. Otherwise it waits for
 * `recoveryInactivityMs`.
 */
export async function takeLateCandidate(turn: Turn): Promise<void> {
  if (allCandidatesIn(turn) || hasBestCandidate(turn)) await selectCandidate(turn, "late-candidate");
  else if (turn.state.phaseAnchorMs === undefined) update(turn, { phaseAnchorMs: turn.env.nowMs });
}

/** When a late candidate is taken though better ones may come; `undefined` while there is none. */
export function lateSelectionDueMs({ state }: Turn): number | undefined {
  if (state.phase !== "reelection" || state.phaseAnchorMs === undefined) return undefined;
  return state.phaseAnchorMs + state.config.recoveryInactivityMs;
}

/** Whether the epoch steward's candidate is here: of valid ones that do all that is approved, it goes first. */
function hasBestCandidate(turn: Turn): boolean {
  const { env, state } = turn;
  const { epoch } = requireGroup(turn);
  const steward = env.plugins.stewards.epochSteward(state.stewards, epoch, eligibleStewards(turn));
  const candidate = steward && state.candidates.get(steward);
  return candidate?.proposalCount === state.approved.length && isValid(turn, candidate);
}
