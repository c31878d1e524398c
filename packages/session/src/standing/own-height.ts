import { awayMs } from "../model/patience.js";
import { update, updateActive, type ActiveTransaction } from "../model/transaction.js";

/**
 * Generations that a member skips when it seals a vote, a proposal or a candidate before another one has named its own height:
 * as many own packets may exist that its state does not show. Chat, of which there may be any number, waits for the height.
 * Receivers follow up to 1,000 missing ones, but keep only the keys of the last 256
 * messages that they miss of a sender: with more, a message that is sent again later could not be opened.
 */
const SKIPPED_GENERATIONS = { application: 192, handshake: 64 } as const;

/** Skipped application keys that stay for own messages of the lost time, which others may serve later. */
const KEPT_KEYS = 1_000;

/**
 * Notes a start, a pause, or an epoch that this member follows the others into: the state may be an old copy, and others
 * may have packets of this member that it does not show.
 */
export function noteUnconfirmed(tx: ActiveTransaction): void {
  update(tx, "repair", {
    unconfirmed: { sinceMs: tx.env.nowMs, epoch: tx.state.group.epoch, isServed: false, hasSkipped: [] },
  });
}

/** Whether no other member has named this one's own height since. */
export function isUnconfirmed({ state }: ActiveTransaction): boolean {
  return state.repair.unconfirmed !== undefined;
}

/** Notes that a member of a later epoch has served what it has of this one: its commits can be followed. */
export function noteServed(tx: ActiveTransaction): void {
  const { unconfirmed } = tx.state.repair;
  if (unconfirmed !== undefined) update(tx, "repair", { unconfirmed: { ...unconfirmed, isServed: true } });
}

/** Follows the group into an epoch: its ratchets are others, and so may be the packets of an earlier life in it. */
export function carryUnconfirmed(tx: ActiveTransaction): void {
  const { unconfirmed } = tx.state.repair;
  if (unconfirmed === undefined) return;
  if (tx.state.group.members.length === 1) return noteConfirmed(tx);
  update(tx, "repair", { unconfirmed: { ...unconfirmed, isServed: false, hasSkipped: [] } });
}

/** Notes that a peer has confirmed our next generation. */
export function noteConfirmed(tx: ActiveTransaction): void {
  if (isUnconfirmed(tx)) update(tx, "repair", { unconfirmed: undefined });
}

/** Skips generations, once, before this member seals with an own height that no other one has named. */
export async function passUnconfirmed(
  tx: ActiveTransaction,
  ratchet: "application" | "handshake",
): Promise<void> {
  const { unconfirmed } = tx.state.repair;
  if (unconfirmed === undefined || unconfirmed.hasSkipped.includes(ratchet)) return;
  const { mls } = tx.env.plugins;
  const next = mls.generations(tx.state.group);
  const to = { ...next, [ratchet]: next[ratchet] + SKIPPED_GENERATIONS[ratchet] };
  updateActive(tx, { group: await mls.skipGenerations(tx.state.group, to, KEPT_KEYS) });
  update(tx, "repair", { unconfirmed: { ...unconfirmed, hasSkipped: [...unconfirmed.hasSkipped, ratchet] } });
}

/**
 * Monotonic time from which this member may send candidates, choose and merge commits. An old copy does not show an own
 * choice, and a second one would make both void. So it waits for another member, but not without end: it may be the only
 * one left.
 */
export function closesFromMs(tx: ActiveTransaction): number {
  const { unconfirmed } = tx.state.repair;
  return unconfirmed === undefined || unconfirmed.isServed
    ? -Infinity
    : unconfirmed.sinceMs + awayMs(tx.state.config);
}

/** Whether that time has come. */
export function mayClose(tx: ActiveTransaction): boolean {
  return closesFromMs(tx) <= tx.env.nowMs;
}
