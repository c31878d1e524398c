import type { Joining } from "../model/joining.js";
import { inboundSlice, outboxSlice } from "../model/messages.js";
import { initialSlice } from "../model/slice.js";
import { isActive, type ConversationState, type Ended, type PendingJoin } from "../model/state.js";

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
 * The farewell of a join that was given up: a pending join that nobody sees. It withdraws its key package, and answers a welcome
 * that comes too late by a leave, so that no member stays that reads nothing. Undefined if the conversation was joined, or the
 * key package was not made, or no welcome for it is awaited any more.
 */
export function farewellTo({ joining, ...over }: Ended, nowMs: number): PendingJoin | undefined {
  const { farewellFromMs = -Infinity, keyPackage } = joining;
  const awaitedUntilMs = farewellFromMs + PATIENCE_MS;
  if (keyPackage === undefined || nowMs >= awaitedUntilMs) return undefined;
  const { name, config, stewards, scores } = over;
  return {
    ...{ name, config, stewards, scores, phase: "pending-join" },
    joining: { ...joining, ...begun(nowMs), asked: 0, awaitedUntilMs },
    outbox: initialSlice(outboxSlice),
    inbound: initialSlice(inboundSlice),
  };
}

/** A farewell after a start: the withdrawal and the welcome may have been missed meanwhile. */
export function resumedFarewell(joining: Joining, nowMs: number): Partial<Joining> {
  return joining.farewellFromMs === undefined ? {} : begun(nowMs);
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

/** Monotonic time of the next withdrawal of a farewell. */
export function farewellDueMs(state: ConversationState): number | undefined {
  if (state.phase !== "pending-join" || state.joining.farewellFromMs === undefined) return undefined;
  const afterMs = WITHDRAWALS_MS[state.joining.withdrawals];
  return afterMs === undefined ? undefined : state.joining.farewellFromMs + afterMs;
}
