import { voteMs } from "./vote-time.js";
import { update, type ActiveTransaction } from "../model/transaction.js";
import { updateVote } from "./open-votes.js";

/** Maximum difference in ms between members' deadlines of one vote: network delay, with a margin. */
const SETTLING_MARGIN_MS = 1_000;

/**
 * Number of session slots in use: from the oldest vote that is open on this member or at peers to the newest vote.
 * Sessions are evicted in order of arrival, so decided votes behind an open one do not free their slots (weakness W11).
 */
function slotsUsed({ env, state }: ActiveTransaction): number {
  const { sessions, open } = state.votes;
  const votes = env.plugins.consensus.proposals(sessions);
  const oldest = votes.findIndex(
    (vote) => vote.state === "active" || open.get(vote.proposalId)?.slotHeldUntilMs !== undefined,
  );
  return oldest === -1 ? 0 : votes.length - oldest;
}

/** Whether a vote can be opened without evicting an open one. */
export function hasFreeSlot(tx: ActiveTransaction): boolean {
  return slotsUsed(tx) < tx.env.plugins.consensus.maxSessions;
}

/**
 * Holds the slot of a vote whose deadline has passed here until it has passed at every member. If many members are
 * silent, the proposer decides first. If it reused the slot at once, its peers would lose the vote before their
 * deadline, and only the proposer would approve the change (weaknesses W3, W11).
 */
export function holdSlot(tx: ActiveTransaction, proposalId: number, isOwn: boolean): void {
  const aheadMs = voteMs(tx, false) - voteMs(tx, isOwn);
  updateVote(tx, proposalId, { slotHeldUntilMs: tx.env.nowMs + aheadMs + SETTLING_MARGIN_MS });
}

/** Monotonic time at which the next held slot is released; undefined if none is held. */
export function slotDueMs({ state }: ActiveTransaction): number | undefined {
  const times = [...state.votes.open.values()].flatMap(({ slotHeldUntilMs }) => slotHeldUntilMs ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Releases held slots whose time has passed. */
export function releaseSlots(tx: ActiveTransaction): void {
  const { nowMs } = tx.env;
  const open = Array.from(tx.state.votes.open, ([proposalId, vote]) => {
    const isOver = vote.slotHeldUntilMs !== undefined && vote.slotHeldUntilMs <= nowMs;
    return [proposalId, isOver ? { ...vote, slotHeldUntilMs: undefined } : vote] as const;
  });
  update(tx, "votes", { open: new Map(open) });
}
