import { entriesWhere } from "./persistent-collections.js";
import { abandonProposal } from "./proposing.js";
import { retractLeave } from "./self-leave.js";
import { LIMITS } from "./limits.js";
import type { OutboxEntry } from "./state.js";
import { emit, update, type Turn } from "./turn.js";

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 8_000;

/** The network has a packet: it leaves the outbox. */
export function notePublished(turn: Turn, sequence: number): void {
  const rest = turn.state.outbox.filter((entry) => entry.sequence !== sequence);
  if (rest.length === turn.state.outbox.length) return;
  update(turn, { outbox: rest });
  turn.effects.push({ kind: "left-outbox", sequence, published: true });
}

/** The network would not take a packet: it is tried again, later each time, and given up at last. */
export function notePublishFailed(turn: Turn, sequence: number): void {
  const { outbox } = turn.state;
  const entry = outbox.find((candidate) => candidate.sequence === sequence);
  if (entry === undefined) return;
  const attempts = entry.attempts + 1;
  if (attempts >= LIMITS.publishAttempts) {
    giveUp(turn, entry, `The transport refused a packet ${attempts} times; it was given up.`);
    return;
  }
  const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** entry.attempts);
  const retried = { ...entry, attempts, notBeforeMs: turn.env.nowMs + delayMs };
  update(turn, { outbox: outbox.map((candidate) => (candidate === entry ? retried : candidate)) });
}

/**
 * Holds the outbox to its bound: the oldest packets give way. By then the transport has been failing for long,
 * and what is newest is what still matters to the group.
 */
export function boundOutbox(turn: Turn): void {
  const { outbox } = turn.state;
  for (const entry of outbox.slice(0, Math.max(0, outbox.length - LIMITS.outbox))) {
    giveUp(turn, entry, "The outbox is full; its oldest packet was dropped.");
  }
}

function giveUp(turn: Turn, { sequence, proposalId }: OutboxEntry, message: string): void {
  update(turn, { outbox: turn.state.outbox.filter((entry) => entry.sequence !== sequence) });
  turn.effects.push({ kind: "left-outbox", sequence, published: false });
  emit(turn, { kind: "error", operation: "publish", message });
  giveUpProposal(turn, proposalId);
  const { candidates } = turn.state;
  update(turn, { candidates: entriesWhere(candidates, (_, own) => own.sequence !== sequence) });
}

/** A proposal that nobody has seen must not be decided by this member alone, with everyone's silence for a yes. */
function giveUpProposal(turn: Turn, proposalId: number | undefined): void {
  if (proposalId === undefined) return;
  const request = turn.state.ownProposals.get(proposalId);
  if (request === undefined) retractLeave(turn, proposalId);
  else abandonProposal(turn, proposalId, request, "unpublished");
}

/** Whether an own proposal still waits to be published. */
export function isUnpublished({ state }: Turn, proposalId: number): boolean {
  return state.outbox.some((entry) => entry.proposalId === proposalId);
}
