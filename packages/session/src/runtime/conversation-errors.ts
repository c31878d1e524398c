import { DemlsError } from "@demls/wire/core";
import type { CreatorVote } from "../model/input.js";
import type { EndReason } from "../model/event.js";
import { LIMITS } from "../model/limits.js";
import type { ConversationState } from "../model/state.js";

/** What is awaited can come about no more: the conversation is over for this member. */
export interface ConversationEndedError extends DemlsError<"conversation-ended"> {
  /** Why it ended; `closed` where the user was closed, which leaves nothing. */
  readonly reason: EndReason | "closed";
}

const ENDINGS: Readonly<
  Record<ConversationEndedError["reason"], { readonly message: string; readonly remedy: string }>
> = {
  left: { message: "This member left the conversation before that.", remedy: "Nothing to do." },
  removed: {
    message: "This member was removed from the conversation before that.",
    remedy: "Ask to be let in again with joinConversation.",
  },
  "join-expired": {
    message: "Nobody let this member in in time; the join was given up.",
    remedy: "See that a member is there and votes, and join again; a longer commitInactivityMs waits longer.",
  },
  "join-cancelled": {
    message: "This member gave up joining before it was let in.",
    remedy: "Nothing to do, or join again.",
  },
  closed: {
    message: "The conversation was closed here before that.",
    remedy: "Close a user only when what it does has been awaited.",
  },
};

/** @param reason why; `undefined`: it was closed. */
export function conversationEnded(reason: EndReason | undefined): ConversationEndedError {
  const known: ConversationEndedError["reason"] = reason ?? "closed";
  return Object.assign(new DemlsError("conversation-ended", ENDINGS[known]), { reason: known });
}

/** What a call is told that comes too late: why the conversation has ended, or that it was closed here. */
export function isOver(
  state: Pick<ConversationState, "phase" | "endReason" | "name">,
): ConversationEndedError | DemlsError<"closed"> {
  return state.phase === "ended" ? conversationEnded(state.endReason) : closedError(state.name);
}

export function notPublished(): DemlsError<"not-published"> {
  return new DemlsError("not-published", {
    message: "The message was sealed, but the transport would not take it.",
    remedy: "See that the transport is connected, and send it again.",
  });
}

export function eventsOverrun(): DemlsError<"events-overrun"> {
  return new DemlsError("events-overrun", {
    message: `More than ${LIMITS.iteratedEvents} events waited, or more chat than is held; the newest were dropped.`,
    remedy: "Do less for each event, or take events with handleEvents, which keeps them in the storage.",
  });
}

export function invalidVote(): DemlsError<"invalid-vote"> {
  return new DemlsError("invalid-vote", {
    message: "A vote is yes or no.",
    field: "choice",
    remedy: "Pass true or false.",
  });
}

export function invalidMessage(what: string): DemlsError<"invalid-message"> {
  return new DemlsError("invalid-message", {
    message: `A message ${what}.`,
    field: "content",
    remedy: "Pass well-formed text or a Uint8Array; toWellFormed() repairs text, JSON.stringify makes it.",
  });
}

export function invalidKeyPackage(): DemlsError<"invalid-key-package"> {
  return new DemlsError("invalid-key-package", {
    message: "A key package is bytes.",
    field: "keyPackage",
    remedy: "Pass what the joiner's generateKeyPackage returned.",
  });
}

export function invalidCreatorVote(): DemlsError<"invalid-creator-vote"> {
  const known: readonly CreatorVote[] = ["yes", "deferred"];
  return new DemlsError("invalid-creator-vote", {
    message: "There is no such way for a proposer to vote.",
    field: "creatorVote",
    remedy: `Pass ${known.map((vote) => JSON.stringify(vote)).join(" or ")}, or leave it out.`,
  });
}

export function storageFailed(name: string, cause: unknown): DemlsError<"storage-failed"> {
  return new DemlsError("storage-failed", {
    message: `What the conversation ${JSON.stringify(name)} has come to could not be stored; it stands still.`,
    remedy: "Close the user, see to the storage, and create the user again: it goes on from what is stored.",
    cause,
  });
}

function closedError(name: string): DemlsError<"closed"> {
  return new DemlsError("closed", {
    message: `The conversation ${JSON.stringify(name)} is closed here.`,
    remedy: "Join it again, or create another.",
  });
}
