import { entriesWhere, withEntry } from "../model/persistent-collections.js";
import { policyOf, update, type Transaction } from "../model/transaction.js";

/** Milliseconds by which members' deadlines of one vote may lie apart: what the network takes, and more. */
const SETTLING_MARGIN_MS = 1_000;

/**
 * How many of the places for votes are taken: by the votes that are open here or elsewhere, and by all that came
 * after the oldest of these. Votes give way in the order in which they came, decided or not: so one that is open
 * would go before younger ones that are long decided (weakness W11).
 */
function slotsTaken({ env, state }: Transaction): number {
  const votes = env.plugins.consensus.proposals(state.consensus);
  const oldest = votes.findIndex(
    (vote) => vote.state === "active" || state.settlingElsewhereMs.has(vote.proposalId),
  );
  return oldest === -1 ? 0 : votes.length - oldest;
}

/** Whether a vote can be opened without displacing one that is open. */
export function hasFreeSlot(tx: Transaction): boolean {
  return slotsTaken(tx) < tx.env.plugins.consensus.maxSessions;
}

/**
 * Holds the place of a vote that was settled at its deadline here until it is everywhere. Where many are silent,
 * the proposer settles first: if it opened the next vote in that place at once, it would take it from the others,
 * who had not come to their deadline, and would be alone with what it has approved (weaknesses W3, W11).
 */
export function holdSlot(tx: Transaction, proposalId: number, isOwn: boolean): void {
  const { config, settlingElsewhereMs } = tx.state;
  const policy = policyOf(tx);
  const aheadMs = policy.consensusDeadlineMs(config, false) - policy.consensusDeadlineMs(config, isOwn);
  const untilMs = tx.env.nowMs + aheadMs + SETTLING_MARGIN_MS;
  update(tx, { settlingElsewhereMs: withEntry(settlingElsewhereMs, proposalId, untilMs) });
}

/** When the next held place becomes free; absent where none is held. */
export function slotDueMs({ state }: Transaction): number | undefined {
  const times = [...state.settlingElsewhereMs.values()];
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Frees the places that need not be held any longer. */
export function releaseSlots(tx: Transaction): void {
  const { settlingElsewhereMs } = tx.state;
  const held = entriesWhere(settlingElsewhereMs, (_, untilMs) => untilMs > tx.env.nowMs);
  if (held !== settlingElsewhereMs) update(tx, { settlingElsewhereMs: held });
}
