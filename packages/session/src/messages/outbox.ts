import { bytesEqual } from "@demls/wire/core";
import { NO_FACTS, type Fact, type Facts } from "../model/fact.js";
import { LIMITS } from "../model/limits.js";
import type { OutboxEntry } from "../model/messages.js";
import type { ConversationState } from "../model/state.js";
import {
  emit,
  isLive,
  policyOf,
  update,
  type ActiveTransaction,
  type LiveTransaction,
  type Transaction,
} from "../model/transaction.js";

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 8_000;

/** The packets that wait to be published. */
export function outboxOf(state: ConversationState): readonly OutboxEntry[] {
  return state.phase === "ended" ? [] : state.outbox.entries;
}

/** Removes a published packet from the outbox. */
export function notePublished(tx: Transaction, sequence: number): Facts {
  if (!isLive(tx)) return NO_FACTS;
  const entry = tx.state.outbox.entries.find((candidate) => candidate.sequence === sequence);
  if (entry === undefined) return NO_FACTS;
  remove(tx, sequence);
  const { packet, sealed, proposalId } = entry;
  tx.effects.push({ kind: "leftOutbox", sequence, published: true });
  if (sealed === undefined) return NO_FACTS;
  return [{ kind: "packetPublished", ...sealed, payload: packet.payload, proposalId }];
}

/** Schedules another attempt to publish a packet, with increasing delays, and abandons it after the last. */
export function notePublishFailed(tx: Transaction, sequence: number): Facts {
  if (!isLive(tx)) return NO_FACTS;
  const { entries } = tx.state.outbox;
  const entry = entries.find((candidate) => candidate.sequence === sequence);
  if (entry === undefined) return NO_FACTS;
  const attempts = entry.attempts + 1;
  if (attempts >= LIMITS.publishAttempts) {
    return [abandon(tx, entry, `The transport rejected a packet ${attempts} times; the packet was dropped.`)];
  }
  const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** entry.attempts);
  const retried = { ...entry, attempts, notBeforeMs: tx.env.nowMs + delayMs };
  setEntries(
    tx,
    entries.map((candidate) => (candidate === entry ? retried : candidate)),
  );
  return NO_FACTS;
}

/**
 * Bounds the outbox: the oldest packets are abandoned. By then the transport has failed for a long time, and the newest
 * packets are the most useful to the group.
 */
export function boundOutbox(tx: Transaction): Facts {
  if (!isLive(tx)) return NO_FACTS;
  const surplus = Math.max(0, tx.state.outbox.entries.length - LIMITS.outbox);
  const message = "The outbox is full; its oldest packet was dropped.";
  return tx.state.outbox.entries.slice(0, surplus).map((entry) => abandon(tx, entry, message));
}

function abandon(tx: LiveTransaction, { sequence, proposalId, sealed }: OutboxEntry, message: string): Fact {
  remove(tx, sequence);
  tx.effects.push({ kind: "leftOutbox", sequence, published: false });
  emit(tx, { kind: "error", code: "not-published", operation: "publish", message });
  return { kind: "packetAbandoned", sequence, proposalId, sealed };
}

/** Whether a packet with this payload is not published yet. */
export function isWaiting({ state }: LiveTransaction, payload: Uint8Array): boolean {
  return state.outbox.entries.some(({ packet }) => bytesEqual(packet.payload, payload));
}

/** Removes a packet that is not published yet. */
export function withdraw(tx: ActiveTransaction, sequence: number | undefined): void {
  if (sequence !== undefined) remove(tx, sequence);
}

function remove(tx: LiveTransaction, sequence: number): boolean {
  const { entries } = tx.state.outbox;
  const rest = entries.filter((entry) => entry.sequence !== sequence);
  if (rest.length < entries.length) setEntries(tx, rest);
  return rest.length < entries.length;
}

function setEntries(tx: LiveTransaction, entries: readonly OutboxEntry[]): void {
  update(tx, "outbox", { entries });
}

/** Publishes nothing of a new epoch for a time: the other members may not have merged the commit yet. */
export function keepQuiet(tx: ActiveTransaction): void {
  const quietMs = policyOf(tx).quietAfterCommitMs(tx.state.config);
  update(tx, "outbox", { quietUntilMs: tx.env.nowMs + quietMs });
}
