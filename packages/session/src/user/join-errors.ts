import { DemlsError } from "@demls/wire/core";

/** Error for a join that no member has answered. */
export interface NoReadyPeersError extends DemlsError<"no-ready-peers"> {
  /** Milliseconds from the call to the deadline. */
  readonly waitedMs: number;
}

export function noReadyPeers(waitedMs: number): NoReadyPeersError {
  const error = new DemlsError("no-ready-peers", {
    message: `No member has answered within ${waitedMs} ms.`,
    remedy: "Check the connection, and try again while the inviter or another member is online.",
  });
  return Object.assign(error, { waitedMs });
}

export function notLetIn(): DemlsError<"publish"> {
  return new DemlsError("publish", {
    message: "The members have not let this user in by the deadline.",
    remedy: "Try again with a later deadline, or ask the inviter: the members may have to admit you by hand.",
  });
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

export function notAwaited(): DemlsError<"not-awaited"> {
  return new DemlsError("not-awaited", {
    message: "The attempt has ended with the first answer, as it was asked to.",
    remedy: "Await conversation.joined, or omit until.",
  });
}

export function invalidDeadline(): DemlsError<"invalid-config"> {
  return new DemlsError("invalid-config", {
    message: "The deadline is a positive number of milliseconds.",
    field: "deadlineMs",
    remedy: "Omit it, or pass at least 1 and at most 86400000.",
  });
}
