import { DemlsError } from "@demls/wire/core";
import type { CreatorVote } from "../model/input.js";
import { LIMITS } from "../model/limits.js";
import type { EndReason } from "../model/phase.js";
import type { ConversationState } from "../model/state.js";

/** Error of a call that can no longer complete, because the conversation ended for this member. */
export interface ConversationEndedError extends DemlsError<"conversation-ended"> {
  /** End reason; `closed` if the user was closed, which does not end the membership. */
  readonly reason: EndReason | "closed";
}

const ENDINGS: Readonly<
  Record<ConversationEndedError["reason"], { readonly message: string; readonly remedy: string }>
> = {
  left: { message: "This member left the conversation first.", remedy: "No action is needed." },
  removed: {
    message: "This member was removed from the conversation first.",
    remedy: "Call join to ask again.",
  },
  "join-expired": {
    message: "No welcome arrived in time; the join expired.",
    remedy: "Join again while a member is online and votes. Raise commitInactivityMs to wait longer.",
  },
  "join-cancelled": {
    message: "The join was cancelled before the welcome arrived.",
    remedy: "No action is needed; to try again, call join.",
  },
  closed: {
    message: "The user was closed first.",
    remedy: "Await pending calls before closing the user.",
  },
};

/** @param reason end reason; `undefined` if the user was closed. */
export function conversationEnded(reason: EndReason | undefined): ConversationEndedError {
  const known: ConversationEndedError["reason"] = reason ?? "closed";
  return Object.assign(new DemlsError("conversation-ended", ENDINGS[known]), { reason: known });
}

/** Error for a call after the end: the conversation ended, or the user was closed. */
export function isOver(state: ConversationState): ConversationEndedError | DemlsError<"closed"> {
  return state.phase === "ended" ? conversationEnded(state.endReason) : closedError(state.name);
}

export function notPublished(): DemlsError<"not-published"> {
  return new DemlsError("not-published", {
    message: "The message was encrypted, but the transport did not accept it.",
    remedy: "Check the transport's connection and send the message again.",
  });
}

export function eventsOverrun(): DemlsError<"events-overrun"> {
  return new DemlsError("events-overrun", {
    message: `The event buffer is full (${LIMITS.iteratedEvents} events, or too much chat); the newest events were dropped.`,
    remedy: "Process events faster, or use handleEvents, which keeps them in the storage.",
  });
}

export function invalidVote(): DemlsError<"invalid-vote"> {
  return new DemlsError("invalid-vote", {
    message: "A vote must be a boolean.",
    field: "choice",
    remedy: "Pass true or false.",
  });
}

export function invalidMessage(what: string): DemlsError<"invalid-message"> {
  return new DemlsError("invalid-message", {
    message: `A message ${what}.`,
    field: "content",
    remedy: "Pass well-formed text or a Uint8Array; toWellFormed() repairs text, JSON.stringify escapes it.",
  });
}

export function invalidKeyPackage(): DemlsError<"invalid-key-package"> {
  return new DemlsError("invalid-key-package", {
    message: "A key package must be bytes.",
    field: "keyPackage",
    remedy: "Pass the result of the joiner's generateKeyPackage.",
  });
}

export function invalidCreatorVote(): DemlsError<"invalid-creator-vote"> {
  const known: readonly CreatorVote[] = ["yes", "deferred"];
  return new DemlsError("invalid-creator-vote", {
    message: "The value of creatorVote is unknown.",
    field: "creatorVote",
    remedy: `Pass ${known.map((vote) => JSON.stringify(vote)).join(" or ")}, or omit it.`,
  });
}

export function storageFailed(name: string, cause: unknown): DemlsError<"storage-failed"> {
  const reason = cause instanceof DemlsError ? ` ${cause.message}` : "";
  return new DemlsError("storage-failed", {
    message: `A step of the conversation ${JSON.stringify(name)} could not be stored; the conversation is stopped.${reason}`,
    remedy:
      "Close the user, repair the storage, and create the user again: it continues from the stored state.",
    cause,
  });
}

function closedError(name: string): DemlsError<"closed"> {
  return new DemlsError("closed", {
    message: `The conversation ${JSON.stringify(name)} is closed.`,
    remedy: "Join it again, or create a new conversation.",
  });
}
