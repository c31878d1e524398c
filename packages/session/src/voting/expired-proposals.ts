import type { Fact, Facts } from "../model/fact.js";
import type { OutboxEntry } from "../model/messages.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { withdraw } from "../messages/outbox.js";

const SECOND_MS = 1_000;

/** Monotonic time at which the first unpublished proposal of this member expires. */
export function expiryDueMs(tx: ActiveTransaction): number | undefined {
  const due = tx.state.outbox.entries.flatMap((entry) => expiresAtMs(tx, entry) ?? []);
  return due.length === 0 ? undefined : Math.min(...due);
}

/**
 * Drops this member's proposals that have expired before they were published: no member would vote on them any more. A
 * leave is proposed again.
 */
export function dropExpired(tx: ActiveTransaction): Facts {
  const facts: Fact[] = [];
  for (const entry of tx.state.outbox.entries) {
    const atMs = expiresAtMs(tx, entry);
    if (atMs === undefined || atMs > tx.env.nowMs) continue;
    withdraw(tx, entry.sequence);
    const { sequence, proposalId, sealed } = entry;
    facts.push({ kind: "packetAbandoned", sequence, proposalId, sealed });
  }
  return facts;
}

function expiresAtMs({ env, state }: ActiveTransaction, { proposalId }: OutboxEntry): number | undefined {
  if (proposalId === undefined) return undefined;
  const proposal = env.plugins.consensus.tally(state.votes.sessions, proposalId)?.proposal;
  if (proposal === undefined) return undefined;
  return env.nowMs + Number(proposal.expirationTimestamp - env.nowSeconds) * SECOND_MS;
}
