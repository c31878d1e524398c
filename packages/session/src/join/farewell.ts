import { LIMITS } from "../model/limits.js";
import type { Joining } from "../model/joining.js";
import { outboxSlice } from "../model/messages.js";
import { initialSlice } from "../model/slice.js";
import { isActive, type ConversationState, type PendingJoin } from "../model/state.js";
import { update, type Transaction } from "../model/transaction.js";

/**
 * Time in ms after which a join that has run out of time is withdrawn: as long as members ask about the joiner. Until
 * then its user may try again, and take a welcome that has come meanwhile.
 */
const GRACE_MS = LIMITS.joinRequestMs;

/** Time in ms for which a late welcome is awaited, as long as the keys for it are kept. */
const PATIENCE_MS = 7 * 24 * 3_600_000;

/**
 * Times in ms after the beginning of the farewell at which the key package is withdrawn: packets get lost. The last
 * withdrawal follows the announcement, so that members that missed the earlier ones add nobody.
 */
const WITHDRAWALS_MS = [0, 2_000, 20_000];
/** Time in ms after which it asks for a welcome and a confirmation that it may have missed, by announcing its key package. */
const ASK_MS = 15_000;

/**
 * The farewell of a join that was given up: a hidden pending join. It withdraws its key package, and answers a late
 * welcome by a leave, so that the group keeps no member that reads nothing.
 *
 * @param isCancelled - whether its user does not want it any more; otherwise it has run out of time.
 */
export function farewellTo(join: PendingJoin, nowMs: number, isCancelled: boolean): PendingJoin {
  return {
    ...join,
    outbox: initialSlice(outboxSlice),
    joining: {
      ...join.joining,
      ...begun(nowMs + (isCancelled ? 0 : GRACE_MS)),
      asked: 0,
      awaitedUntilMs: nowMs + PATIENCE_MS,
    },
  };
}

/** A farewell after a start: the withdrawal and the welcome may have been missed meanwhile. */
export function resumedFarewell(joining: Joining, nowMs: number): Partial<Joining> {
  const { farewellFromMs } = joining;
  return farewellFromMs === undefined ? {} : begun(Math.max(nowMs, farewellFromMs));
}

/** Lets a farewell begin now: its user does not come back, so that nobody would take a welcome. */
export function hastenFarewell(tx: Transaction<PendingJoin>): void {
  const { farewellFromMs } = tx.state.joining;
  const { nowMs } = tx.env;
  if (farewellFromMs !== undefined && farewellFromMs > nowMs) update(tx, "joining", begun(nowMs));
}

function begun(farewellFromMs: number): Partial<Joining> {
  return { farewellFromMs, withdrawals: 0, announceAtMs: farewellFromMs + ASK_MS };
}

/**
 * Monotonic time at which a farewell may announce its key package: the members know its withdrawal, so that they add nobody, and
 * send the welcome or the confirmation again if they have added it before. Undefined for another join.
 */
export function farewellAskMs({ joining }: PendingJoin): number | undefined {
  return joining.farewellFromMs === undefined ? undefined : joining.farewellFromMs + ASK_MS;
}

/** Whether a conversation is a farewell, which nobody sees. */
export function isFarewell(state: ConversationState): boolean {
  if (state.phase === "pending-join") return state.joining.farewellFromMs !== undefined;
  return isActive(state) && state.leave.isFarewell;
}

/** Whether a welcome is kept for another attempt of the user. */
export function keepsWelcomes({ env, state }: Transaction<PendingJoin>): boolean {
  const { farewellFromMs } = state.joining;
  return farewellFromMs !== undefined && farewellFromMs > env.nowMs;
}

/** Monotonic time of the next withdrawal of a farewell. */
export function farewellDueMs(state: ConversationState): number | undefined {
  if (state.phase !== "pending-join" || state.joining.farewellFromMs === undefined) return undefined;
  const afterMs = WITHDRAWALS_MS[state.joining.withdrawals];
  return afterMs === undefined ? undefined : state.joining.farewellFromMs + afterMs;
}
