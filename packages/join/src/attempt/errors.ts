import { DemlsError } from "@demls/wire/core";
import type { RequestState } from "../readiness-codec.js";
import { isEnd, type JoinAnswer, type JoinAnswers } from "./answers.js";

/** Error for a join that no member has answered. */
export interface NoReadyPeersError extends DemlsError<"no-ready-peers"> {
  /** Milliseconds from the call to the deadline. */
  readonly waitedMs: number;
}

export function noReadyPeers(waitedMs: number): NoReadyPeersError {
  const error = new DemlsError("no-ready-peers", {
    message: `No member has answered within ${waitedMs} ms.`,
    remedy:
      "Check the connection and this machine's clock, and try again while the inviter or another member is online.",
  });
  return Object.assign(error, { waitedMs });
}

/**
 * Code of the error for a joiner that was not let in by its deadline:
 *
 * - `out-of-time`: the members have not decided
 * - `refused`: they have voted no, or a member's user has refused it
 * - `banned`: the group has removed it, and its ban lasts
 * - `invitation-over`: the invitation was revoked, is used up or has expired
 * - `clock-off`: its clock is at least five minutes off those of the members that have answered
 */
export type NotLetInCode = "out-of-time" | "refused" | "banned" | "invitation-over" | "clock-off";

/** Error for a join that members have answered, and that was not let in. */
export interface NotLetInError extends DemlsError<NotLetInCode> {
  /** As in `JoinProgress.clockAheadMs`. */
  readonly clockAheadMs: number | undefined;
}

/** Difference of two clocks in ms from which it is told. */
const TOLD_CLOCK_OFF_MS = 300_000;

/** By how much this user's clock is ahead of a member's; negative: behind. `undefined` below five minutes. */
export function clockOffMs({ clockAheadMs }: Pick<JoinAnswer, "clockAheadMs">): number | undefined {
  return Math.abs(clockAheadMs) < TOLD_CLOCK_OFF_MS ? undefined : clockAheadMs;
}

/** Whether all members that have answered say that this clock is off: a single one may lie, or its own clock may be off. */
export function isClockOff({ last }: JoinAnswers): boolean {
  return last.size > 0 && [...last.values()].every((answer) => clockOffMs(answer) !== undefined);
}

/** @param told - the farthest answer of a member. */
export function notLetIn(told: JoinAnswer | undefined): NotLetInError {
  const clockAheadMs = told && clockOffMs(told);
  const code = codeOf(told?.readiness.request.state, clockAheadMs);
  return Object.assign(new DemlsError(code, textsOf(code, clockAheadMs ?? 0)), { clockAheadMs });
}

function codeOf(state: RequestState | undefined, clockAheadMs: number | undefined): NotLetInCode {
  if (state === "refused" || state === "banned") return state;
  if (state !== undefined && isEnd(state)) return "invitation-over";
  // A member that knows the key package could take it.
  return clockAheadMs !== undefined && (state === undefined || state === "none")
    ? "clock-off"
    : "out-of-time";
}

function textsOf(
  code: NotLetInCode,
  clockAheadMs: number,
): { readonly message: string; readonly remedy: string } {
  switch (code) {
    case "out-of-time":
      return {
        message: "The members have not let this user in by the deadline.",
        remedy:
          "Try again with a later deadline, or ask the inviter: the members may have to admit you by hand.",
      };
    case "refused":
      return {
        message: "The members have refused this user.",
        remedy: "Ask the inviter. The members vote again ten minutes after their no at the earliest.",
      };
    case "banned":
      return {
        message: "The group has banned this user.",
        remedy: "Ask a member to lift the ban, by conversation.unban or /unban.",
      };
    case "invitation-over":
      return {
        message: "The invitation was revoked, is used up or has expired.",
        remedy: "Ask the inviter for another one, or to admit you by hand.",
      };
    case "clock-off":
      return {
        message: `This clock is ${Math.round(Math.abs(clockAheadMs) / 60_000)} minutes ${clockAheadMs > 0 ? "ahead of" : "behind"} that of a member. With such a clock this user could not vote, so it has not asked to join.`,
        remedy: "Set the clock of this machine, or that of the member if it is wrong, and try again.",
      };
  }
}

export function notConfirmed(): DemlsError<"backfill"> {
  return new DemlsError("backfill", {
    message: "This user has joined, but no trusted member has confirmed its state by the deadline.",
    remedy:
      "Call join() again to wait for it. Leave if you do not know the members: anyone can answer a key package with a group of its own.",
  });
}

export function notReceiving(cause: unknown): DemlsError<"transport"> {
  return new DemlsError("transport", {
    message: "The transport could not subscribe to the conversation.",
    remedy: "Check the connection, and try again.",
    cause,
  });
}

export function notPrepared(cause: unknown): DemlsError<"local"> {
  return new DemlsError("local", {
    message: "This user could not announce itself.",
    remedy: "Its cause tells why. Mend that, and try again.",
    cause,
  });
}

const DEFAULT_DEADLINE_MS = 300_000;
const MAX_DEADLINE_MS = 86_400_000;

/** Time for an attempt in ms. @throws DemlsError `invalid-config` if it is none. */
export function checkedDeadline(deadlineMs: number = DEFAULT_DEADLINE_MS): number {
  if (deadlineMs > 0 && deadlineMs <= MAX_DEADLINE_MS) return deadlineMs;
  throw new DemlsError("invalid-config", {
    message: "The deadline is a positive number of milliseconds.",
    field: "deadlineMs",
    remedy: "Omit it, or pass at least 1 and at most 86400000.",
  });
}
