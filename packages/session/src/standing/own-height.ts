import { awayMs } from "../model/patience.js";
import { update, updateActive, type ActiveTransaction } from "../model/transaction.js";

/**
 * Generations that a member skips when it seals a vote, a proposal or a candidate before a peer has confirmed its next
 * generation. As many own packets may exist that its state does not show. Chat waits for the confirmation, since there
 * may be any number of it. Receivers follow up to 1,000 missing generations, but keep the keys of the last 256 missing
 * messages of a sender. With more skipped, they could not open a message that is sent again later.
 */
const SKIPPED_GENERATIONS = { application: 192, handshake: 64 } as const;

/** Number of skipped application keys that are kept: others may serve own messages of the lost time later. */
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

/** Whether no peer has confirmed this member's next generation since. */
export function isUnconfirmed({ state }: ActiveTransaction): boolean {
  return state.repair.unconfirmed !== undefined;
}

/** Notes that a member of a later epoch has served its packets of this epoch: this member can follow its commits. */
export function noteServed(tx: ActiveTransaction): void {
  const { unconfirmed } = tx.state.repair;
  if (unconfirmed !== undefined) update(tx, "repair", { unconfirmed: { ...unconfirmed, isServed: true } });
}

/**
 * Follows the group into an epoch: it has new ratchets, and an earlier life of this member may have sent packets in it.
 */
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

/** Skips generations, once, before this member seals without a confirmed height. */
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
 * Monotonic time from which this member may send candidates, choose and merge commits. An old copy may lack its choice,
 * and a second choice would make both void. So it waits for another member, but not for ever: it may be the only one
 * left.
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
