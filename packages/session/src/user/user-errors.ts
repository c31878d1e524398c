import { DemlsError } from "@demls/wire/core";

export function identityMismatch(): DemlsError<"identity-mismatch"> {
  return new DemlsError("identity-mismatch", {
    message: "The MLS service and the signer are not one member's.",
    field: "mls",
    remedy:
      "Make the MLS service with the signer's identity: a vote counts only for the member that sends it.",
  });
}

export function conversationExists(name: string): DemlsError<"conversation-exists"> {
  return new DemlsError("conversation-exists", {
    message: `This user is in ${JSON.stringify(name)} already, or joining it.`,
    field: "name",
    remedy: "Take it from user.conversations, or leave it first.",
  });
}

export function unknownConversation(name: string): DemlsError<"unknown-conversation"> {
  return new DemlsError("unknown-conversation", {
    message: `This user is not in ${JSON.stringify(name)}, nor joining it.`,
    field: "name",
    remedy: "Create or join it first; user.conversations has those that there are.",
  });
}

export function unusableKeyPackage(reason: string): DemlsError<"invalid-key-package"> {
  return new DemlsError("invalid-key-package", {
    message: `The key package cannot be added: ${reason}.`,
    field: "keyPackage",
    remedy: "Ask the joiner for a fresh one.",
  });
}

export function userClosed(): DemlsError<"closed"> {
  return new DemlsError("closed", { message: "The user is closed.", remedy: "Create another." });
}
