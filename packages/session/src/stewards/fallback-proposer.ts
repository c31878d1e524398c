import { proposalKind } from "../model/request.js";
import { isPendingRemoval, update, type ActiveTransaction } from "../model/transaction.js";
import { openRequests } from "../voting/open-votes.js";
import { derivedList } from "../model/steward-seed.js";
import { openDeadlock, openElection } from "./elections.js";
import { presentStewards } from "../presence/index.js";

/**
 * Starts the timeout of an election that is due and not proposed, and stops it once an election is open.
 *
 * The rules name one proposer: the first steward that is still a member. If it is offline, a group of 3.0.0 members
 * waits forever (weakness W24). Here, another member proposes after the timeout. All members derive the same list, and
 * 3.0.0 does not check the proposer, so two proposals do no harm.
 */
export function anchorFallback(tx: ActiveTransaction): void {
  const isDue = isElectionDue(tx);
  if (isDue === (tx.state.stewards.electionDueSinceMs !== undefined)) return;
  update(tx, "stewards", { electionDueSinceMs: isDue ? tx.env.nowMs : undefined });
}

/**
 * Monotonic time at which this member proposes the election as the fallback proposer. It first waits for one consensus
 * timeout, because the proposer may only be late. Then it waits one short timeout for each member of a lower rank,
 * since any of them may be absent too.
 */
export function fallbackDueMs(tx: ActiveTransaction): number | undefined {
  const { stewards, config } = tx.state;
  const { electionDueSinceMs } = stewards;
  if (electionDueSinceMs === undefined) return undefined;
  return electionDueSinceMs + config.consensusTimeoutMs + rankOf(tx) * config.recoveryInactivityMs;
}

/** Proposes the election as the fallback proposer; after the last round, a Deadlock emergency. */
export async function openFallbackElection(tx: ActiveTransaction): Promise<void> {
  const { env, state } = tx;
  const { stewards } = env.plugins;
  const { list, recovery } = state.stewards;
  // Restart the timeout so that a failed attempt is retried.
  update(tx, "stewards", { electionDueSinceMs: env.nowMs });
  const retryRound = nextRound(tx);
  if (retryRound > stewards.maxRetries(list)) {
    // During recovery, another Deadlock helps only after a failed freeze.
    if (!recovery || state.phase === "reelection") await openDeadlock(tx);
    return;
  }
  const elected = derivedList(tx, state.group.members.filter(presentStewards(tx)), retryRound);
  await openElection(tx, stewards.currentList(elected)?.members ?? [], retryRound);
}

/** Whether the group needs an election, and no election and no emergency is open. An emergency has priority. */
function isElectionDue(tx: ActiveTransaction): boolean {
  const { env, state } = tx;
  const { group, phase, stewards } = state;
  if (!state.sync.synced || isPendingRemoval(state, env.self)) return false;
  const isWanted =
    phase === "reelection" ||
    (phase === "working" &&
      (stewards.recovery || env.plugins.stewards.isExhausted(stewards.list, group.epoch)));
  return isWanted && openRequests(tx).every((request) => proposalKind(request) === "membership");
}

/**
 * Round of the next election: after the current list's round if that list was elected in this epoch, because its
 * stewards have not committed.
 */
function nextRound({ env, state }: ActiveTransaction): number {
  const { stewards } = env.plugins;
  const counted = stewards.retryRound(state.stewards.list);
  const list = stewards.currentList(state.stewards.list);
  return list?.electionEpoch === state.group.epoch ? Math.max(counted, (list?.retryRound ?? 0) + 1) : counted;
}

/** Rank of this member among the fallback proposers: stewards in their order, then the others by id. */
function rankOf(tx: ActiveTransaction): number {
  const isEligible = presentStewards(tx);
  const listed = tx.env.plugins.stewards.stewardMembers(tx.state.stewards.list, isEligible);
  const others = tx.state.group.members.filter((member) => isEligible(member) && !listed.includes(member));
  return [...listed, ...others.sort()].indexOf(tx.env.self);
}
