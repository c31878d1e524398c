import { entriesWhere, withEntry } from "./persistent-collections.js";
import { policyOf, update, type Turn } from "./turn.js";

/** Milliseconds by which members' deadlines of one vote may lie apart: what the network takes, and more. */
const SETTLING_MARGIN_MS = 1_000;

/**
 * How many of the places for votes are taken: by the votes that are open here or elsewhere, and by all that came
 * after the oldest of these. Votes give way in the order in which they came, decided or not: so one that is open
 * would go before younger ones that are long decided (weakness W11).
 */
function placesTaken({ env, state }: Turn): number {
  const votes = env.plugins.consensus.proposals(state.consensus);
  const oldest = votes.findIndex(
    (vote) => vote.state === "active" || state.settlingElsewhereMs.has(vote.proposalId),
  );
  return oldest === -1 ? 0 : votes.length - oldest;
}

/** Whether a vote can be opened without displacing one that is open. */
export function hasFreePlace(turn: Turn): boolean {
  return placesTaken(turn) < turn.env.plugins.consensus.maxSessions;
}

/**
 * Holds the place of a vote that was settled at its deadline here until it is everywhere. Where many are silent,
 * the proposer settles first: if it opened the next vote in that place at once, it would take it from the others,
 * who had not come to their deadline, and would be alone with what it has approved (weaknesses W3, W11).
 */
export function holdPlace(turn: Turn, proposalId: number, isOwn: boolean): void {
  const { config, settlingElsewhereMs } = turn.state;
  const policy = policyOf(turn);
  const aheadMs = policy.consensusDeadlineMs(config, false) - policy.consensusDeadlineMs(config, isOwn);
  const untilMs = turn.env.nowMs + aheadMs + SETTLING_MARGIN_MS;
  update(turn, { settlingElsewhereMs: withEntry(settlingElsewhereMs, proposalId, untilMs) });
}

/** When the next held place becomes free; absent where none is held. */
export function placeDueMs({ state }: Turn): number | undefined {
  const times = [...state.settlingElsewhereMs.values()];
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Frees the places that need not be held any longer. */
export function freePlaces(turn: Turn): void {
  const { settlingElsewhereMs } = turn.state;
  const held = entriesWhere(settlingElsewhereMs, (_, untilMs) => untilMs > turn.env.nowMs);
  if (held !== settlingElsewhereMs) update(turn, { settlingElsewhereMs: held });
}
