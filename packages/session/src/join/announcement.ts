import { encodeWelcomeMessage } from "@demls/wire";
import { hexBytes } from "../model/hex.js";
import { isFarewell, resumedFarewell } from "./farewell.js";
import type { PendingJoin } from "../model/state.js";
import { update, type Transaction } from "../model/transaction.js";

/** Time in ms until the second announcement of a key package. Each further one takes twice as long. */
const FIRST_REPEAT_MS = 30_000;

/**
 * Payload that announces a key package on the welcome subtopic.
 *
 * @param groupId - id of the only group that may add it; any of the name otherwise.
 * @param redemption - that of an invitation.
 */
export function announcement(keyPackage: Uint8Array, groupId?: string, redemption?: Uint8Array): Uint8Array {
  const named = groupId === undefined ? {} : { groupId: hexBytes(groupId) };
  const invited = redemption === undefined ? {} : { redemption };
  return encodeWelcomeMessage({
    kind: "user_key_package",
    keyPackageBytes: keyPackage,
    ...named,
    ...invited,
  });
}

/** Monotonic time of the announcement after the next, if there were `announcements` before; a farewell makes none. */
export function nextAnnouncementMs({ env, state }: Transaction, announcements: number): number | undefined {
  return isFarewell(state) ? undefined : env.nowMs + FIRST_REPEAT_MS * 2 ** announcements;
}

/** Lets a pending join last until a monotonic time, unless it lasts longer by itself. */
export function awaitJoin(tx: Transaction, untilMs: number): void {
  const { state } = tx;
  if (state.phase !== "pending-join" || untilMs <= (state.joining.awaitedUntilMs ?? -Infinity)) return;
  update(tx as Transaction<PendingJoin>, "joining", { awaitedUntilMs: untilMs });
}

/**
 * Notes a start during a pending join: the state may be an old copy, whose welcome this member has used before. A guest whose
 * attempt has ended before it announced the key package announces it later by itself.
 */
export function noteResumedJoin(tx: Transaction): void {
  const { state, env } = tx;
  if (state.phase !== "pending-join") return;
  const { keyPackage, announcements, announceAtMs = nextAnnouncementMs(tx, 0) } = state.joining;
  const later = keyPackage !== undefined && announcements === 0 ? { announceAtMs } : {};
  update(tx as Transaction<PendingJoin>, "joining", {
    ...{ resumed: true, ...later },
    ...resumedFarewell(state.joining, env.nowMs),
  });
}
