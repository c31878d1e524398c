import { DemlsError } from "@demls/wire/core";

/** MLS group ids and topics carry the name; longer ones serve nobody. */
export const MAX_NAME_BYTES = 255;

export function identityMismatch(): DemlsError<"identity-mismatch"> {
  return new DemlsError("identity-mismatch", {
    message: "The MLS service, the consensus signer and the identity are not one member's.",
    field: "identity",
    remedy: "Make all three from one identity: a vote counts only for the member that sends it.",
  });
}

export function invalidName(): DemlsError<"invalid-conversation-name"> {
  return new DemlsError("invalid-conversation-name", {
    message: `A conversation's name has 1 to ${MAX_NAME_BYTES} bytes of UTF-8.`,
    field: "name",
    remedy: "Give another name.",
  });
}

export function conversationExists(name: string): DemlsError<"conversation-exists"> {
  return new DemlsError("conversation-exists", {
    message: `This user is in ${JSON.stringify(name)} already, or joining it.`,
    field: "name",
    remedy: "Take it from user.conversations, or leave it first.",
  });
}

export function subtopicTaken(subtopic: string): DemlsError<"subtopic-taken"> {
  return new DemlsError("subtopic-taken", {
    message: `The subtopic ${JSON.stringify(subtopic)} has a handler.`,
    field: "subtopic",
    remedy: "Choose another name, or end the other handler first.",
  });
}

export function userClosed(): DemlsError<"closed"> {
  return new DemlsError("closed", { message: "The user is closed.", remedy: "Create another." });
}
