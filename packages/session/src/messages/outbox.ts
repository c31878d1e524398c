import { entriesWhere } from "../model/persistent-collections.js";
import { abandonProposal } from "../voting/propose.js";
import { retractLeave } from "../voting/self-leave.js";
import { LIMITS } from "../model/limits.js";
import type { OutboxEntry } from "../model/state.js";
import { emit, update, type Transaction } from "../model/transaction.js";

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 8_000;

/** The network has a packet: it leaves the outbox. */
export function notePublished(tx: Transaction, sequence: number): void {
  const rest = tx.state.outbox.filter((entry) => entry.sequence !== sequence);
  if (rest.length === tx.state.outbox.length) return;
  update(tx, { outbox: rest });
  tx.effects.push({ kind: "leftOutbox", sequence, published: true });
}

/** The network would not take a packet: it is tried again, later each time, and given up at last. */
export function notePublishFailed(tx: Transaction, sequence: number): void {
  const { outbox } = tx.state;
  const entry = outbox.find((candidate) => candidate.sequence === sequence);
  if (entry === undefined) return;
  const attempts = entry.attempts + 1;
  if (attempts >= LIMITS.publishAttempts) {
    giveUp(tx, entry, `The transport refused a packet ${attempts} times; it was given up.`);
    return;
  }
  const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** entry.attempts);
  const retried = { ...entry, attempts, notBeforeMs: tx.env.nowMs + delayMs };
  update(tx, { outbox: outbox.map((candidate) => (candidate === entry ? retried : candidate)) });
}

/**
 * Holds the outbox to its bound: the oldest packets give way. By then the transport has been failing for long,
 * and what is newest is what still matters to the group.
 */
export function boundOutbox(tx: Transaction): void {
  const { outbox } = tx.state;
  for (const entry of outbox.slice(0, Math.max(0, outbox.length - LIMITS.outbox))) {
    giveUp(tx, entry, "The outbox is full; its oldest packet was dropped.");
  }
}

function giveUp(tx: Transaction, { sequence, proposalId }: OutboxEntry, message: string): void {
  update(tx, { outbox: tx.state.outbox.filter((entry) => entry.sequence !== sequence) });
  tx.effects.push({ kind: "leftOutbox", sequence, published: false });
  emit(tx, { kind: "error", code: "not-published", operation: "publish", message });
  giveUpProposal(tx, proposalId);
  const { candidates } = tx.state;
  update(tx, { candidates: entriesWhere(candidates, (_, own) => own.sequence !== sequence) });
}

/** A proposal that nobody has seen must not be decided by this member alone, with everyone's silence for a yes. */
function giveUpProposal(tx: Transaction, proposalId: number | undefined): void {
  if (proposalId === undefined) return;
  const request = tx.state.ownProposals.get(proposalId);
  if (request === undefined) retractLeave(tx, proposalId);
  else abandonProposal(tx, proposalId, request, "unpublished");
}

/** Whether an own proposal still waits to be published. */
export function isUnpublished({ state }: Transaction, proposalId: number): boolean {
  return state.outbox.some((entry) => entry.proposalId === proposalId);
}
