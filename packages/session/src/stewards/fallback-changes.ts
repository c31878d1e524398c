import { setProposalDue } from "../changes/index.js";
import type { MemberId } from "@demls/wire/core";
import { proposalKind } from "../model/request.js";
import { eligibleStewards, policyOf, type ActiveTransaction } from "../model/transaction.js";
import { openVotes } from "../voting/open-votes.js";
import { hasProposableUpdate, proposePendingUpdates } from "../voting/pending-updates.js";

/**
 * Starts the timeout of buffered changes that are not proposed, and stops it once they are.
 *
 * The rules name one proposer, the epoch steward. If it is offline, no vote on a joiner is opened in its epoch, which
 * lasts until another change is committed (weakness W49). Here, another member proposes after the timeout. Any member
 * may propose, and two proposals of one change do no harm.
 */
export function anchorFallbackChanges(tx: ActiveTransaction): void {
  const isDue = isProposalDue(tx);
  if (isDue === (tx.state.changes.proposalDueSinceMs !== undefined)) return;
  setProposalDue(tx, isDue ? tx.env.nowMs : undefined);
}

/**
 * Monotonic time at which this member proposes the buffered changes as the fallback proposer. The epoch steward proposes
 * them at once, so each rank needs to wait only for the packets of the one before.
 */
export function fallbackChangesDueMs(tx: ActiveTransaction): number | undefined {
  const { changes, config } = tx.state;
  if (changes.proposalDueSinceMs === undefined) return undefined;
  return changes.proposalDueSinceMs + proposersBefore(tx).length * config.recoveryInactivityMs;
}

/** Proposes the buffered changes as the fallback proposer. */
export async function proposeFallbackChanges(tx: ActiveTransaction): Promise<void> {
  // Restart the timeout so that a failed attempt is retried.
  setProposalDue(tx, tx.env.nowMs);
  await proposePendingUpdates(tx, true);
}

/**
 * Whether this member waits for an earlier proposer of a buffered change. An earlier one with an open membership
 * proposal is there, and proposes the others when its bounds allow it.
 */
function isProposalDue(tx: ActiveTransaction): boolean {
  const { changes, sync } = tx.state;
  if (changes.pending.size === 0 || !sync.synced || !policyOf(tx).replacesAbsentSteward) return false;
  if (!hasProposableUpdate(tx)) return false;
  const before = proposersBefore(tx);
  if (before.length === 0) return false;
  return !openVotes(tx).some(
    ({ proposer, request }) => before.includes(proposer) && proposalKind(request) === "membership",
  );
}

/**
 * Proposers before this member: the stewards from the epoch steward on, then the others by id. Empty for the epoch
 * steward, and for a member with an approved removal.
 */
function proposersBefore(tx: ActiveTransaction): readonly MemberId[] {
  const { env, state } = tx;
  const { stewards } = env.plugins;
  const isEligible = eligibleStewards(tx);
  const { list } = state.stewards;
  const listed = stewards.stewardMembers(list, isEligible);
  const steward = stewards.epochSteward(list, state.group.epoch, isEligible);
  const turn = steward === undefined ? 0 : Math.max(0, listed.indexOf(steward));
  const others = state.group.members.filter((member) => isEligible(member) && !listed.includes(member));
  const order = [...listed.slice(turn), ...listed.slice(0, turn), ...others.sort()];
  return order.slice(0, Math.max(0, order.indexOf(env.self)));
}
