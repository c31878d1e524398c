import { computeListSize } from "@demls/steward";
import { openDeadlock, openElection } from "./elections.js";
import { openRequests } from "../voting/open-votes.js";
import { eligibleStewards, isPendingRemoval, requireGroup, update, type Transaction } from "../model/transaction.js";
import { proposalKind } from "../model/request.js";

/**
 * Starts the clock of an election that is due and that nobody has proposed, and stops it once one is open.
 *
 * The rules name one member to propose it, the first steward that is still a member: where that one is offline,
 * a group of 3.0.0 members waits for good (weakness W24). Here any member proposes it after a while. All come to
 * the same list, and 3.0.0 looks at no proposer, so nothing is lost where two do, or where that one comes back.
 */
export function anchorFallback(tx: Transaction): void {
  const isDue = isElectionDue(tx);
  if (isDue === (tx.state.electionDueSinceMs !== undefined)) return;
  update(tx, { electionDueSinceMs: isDue ? tx.env.nowMs : undefined });
}

/**
 * When this member proposes the election in another's place. That others may only be late with theirs, since
 * members settle votes at different times, is what the wait of a whole vote is for; after it members follow one
 * another by their rank, the stewards first, so that one that is offline holds up the next but little.
 */
export function fallbackDueMs(tx: Transaction): number | undefined {
  const { electionDueSinceMs, config } = tx.state;
  if (electionDueSinceMs === undefined) return undefined;
  return electionDueSinceMs + config.consensusTimeoutMs + rankOf(tx) * config.recoveryInactivityMs;
}

/** Proposes the election in another's place; once all its rounds are used up, that any member may commit. */
export async function openFallbackElection(tx: Transaction): Promise<void> {
  const { env, state } = tx;
  const { stewards } = env.plugins;
  // Where nothing comes of it, it is tried again as late.
  update(tx, { electionDueSinceMs: env.nowMs });
  const retryRound = nextRound(tx);
  if (retryRound > stewards.maxRetries(state.stewards)) {
    // Recovery is open already; until there is a commit that it lets through, another helps only a failed freeze.
    if (!state.recovery || state.phase === "reelection") await openDeadlock(tx);
    return;
  }
  const { epoch, members } = requireGroup(tx);
  const pool = members.filter(eligibleStewards(tx));
  const size = computeListSize(stewards.config(state.stewards), pool.length);
  const elected = stewards.installList(state.stewards, epoch, pool, size, retryRound).state;
  await openElection(tx, stewards.currentList(elected)?.members ?? [], retryRound);
}

/** Whether the group waits for an election and none is being voted on, nor an emergency, which goes first. */
function isElectionDue(tx: Transaction): boolean {
  const { env, state } = tx;
  const { group, phase } = state;
  if (group === undefined || !state.synced || isPendingRemoval(state, env.self)) return false;
  const isWanted =
    phase === "reelection" ||
    (phase === "working" &&
      (state.recovery || env.plugins.stewards.isExhausted(state.stewards, group.epoch)));
  return isWanted && openRequests(tx).every((request) => proposalKind(request) === "membership");
}

/** The round of the next election. A list that was elected in this very epoch has failed to commit in it. */
function nextRound({ env, state }: Transaction): number {
  const { stewards } = env.plugins;
  const counted = stewards.retryRound(state.stewards);
  const list = stewards.currentList(state.stewards);
  return list?.electionEpoch === state.group?.epoch
    ? Math.max(counted, (list?.retryRound ?? 0) + 1)
    : counted;
}

/** This member's place among those who may propose: the stewards in their order, then the others in that of their ids. */
function rankOf(tx: Transaction): number {
  const isEligible = eligibleStewards(tx);
  const listed = tx.env.plugins.stewards.stewardMembers(tx.state.stewards, isEligible);
  const others = requireGroup(tx).members.filter(
    (member) => isEligible(member) && !listed.includes(member),
  );
  return [...listed, ...others.sort()].indexOf(tx.env.self);
}
