import { computeListSize } from "@demls/steward";
import { openDeadlock, openElection } from "./elections.js";
import { openRequests } from "./open-votes.js";
import { eligibleStewards, isPendingRemoval, requireGroup, update, type Turn } from "./turn.js";
import { proposalKind } from "./update-request.js";

/**
 * Starts the clock of an election that is due and that nobody has proposed, and stops it once one is open.
 *
 * The rules name one member to propose it, the first steward that is still a member: where that one is offline,
 * a group of 3.0.0 members waits for good (weakness W24). Here any member proposes it after a while. All come to
 * the same list, and 3.0.0 looks at no proposer, so nothing is lost where two do, or where that one comes back.
 */
export function anchorElection(turn: Turn): void {
  const isDue = isElectionDue(turn);
  if (isDue === (turn.state.electionDueSinceMs !== undefined)) return;
  update(turn, { electionDueSinceMs: isDue ? turn.env.nowMs : undefined });
}

/**
 * When this member proposes the election in another's place. That others may only be late with theirs, since
 * members settle votes at different times, is what the wait of a whole vote is for; after it members follow one
 * another by their rank, the stewards first, so that one that is offline holds up the next but little.
 */
export function standInDueMs(turn: Turn): number | undefined {
  const { electionDueSinceMs, config } = turn.state;
  if (electionDueSinceMs === undefined) return undefined;
  return electionDueSinceMs + config.consensusTimeoutMs + rankOf(turn) * config.recoveryInactivityMs;
}

/** Proposes the election in another's place; once all its rounds are used up, that any member may commit. */
export async function standIn(turn: Turn): Promise<void> {
  const { env, state } = turn;
  const { stewards } = env.plugins;
  // Where nothing comes of it, it is tried again as late.
  update(turn, { electionDueSinceMs: env.nowMs });
  const retryRound = nextRound(turn);
  if (retryRound > stewards.maxRetries(state.stewards)) {
    // Recovery is open already; until there is a commit that it lets through, another helps only a failed freeze.
    if (!state.recovery || state.phase === "reelection") await openDeadlock(turn);
    return;
  }
  const { epoch, members } = requireGroup(turn);
  const pool = members.filter(eligibleStewards(turn));
  const size = computeListSize(stewards.config(state.stewards), pool.length);
  const elected = stewards.installList(state.stewards, epoch, pool, size, retryRound).state;
  await openElection(turn, stewards.currentList(elected)?.members ?? [], retryRound);
}

/** Whether the group waits for an election and none is being voted on, nor an emergency, which goes first. */
function isElectionDue(turn: Turn): boolean {
  const { env, state } = turn;
  const { group, phase } = state;
  if (group === undefined || !state.synced || isPendingRemoval(state, env.self)) return false;
  const isWanted =
    phase === "reelection" ||
    (phase === "working" &&
      (state.recovery || env.plugins.stewards.isExhausted(state.stewards, group.epoch)));
  return isWanted && openRequests(turn).every((request) => proposalKind(request) === "membership");
}

/** The round of the next election. A list that was elected in this very epoch has failed to commit in it. */
function nextRound({ env, state }: Turn): number {
  const { stewards } = env.plugins;
  const counted = stewards.retryRound(state.stewards);
  const list = stewards.currentList(state.stewards);
  return list?.electionEpoch === state.group?.epoch
    ? Math.max(counted, (list?.retryRound ?? 0) + 1)
    : counted;
}

/** This member's place among those who may propose: the stewards in their order, then the others in that of their ids. */
function rankOf(turn: Turn): number {
  const isEligible = eligibleStewards(turn);
  const listed = turn.env.plugins.stewards.stewardMembers(turn.state.stewards, isEligible);
  const others = requireGroup(turn).members.filter(
    (member) => isEligible(member) && !listed.includes(member),
  );
  return [...listed, ...others.sort()].indexOf(turn.env.self);
}
