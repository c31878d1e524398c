import { claimedName, DemlsError, MAX_CLAIMED_NAME_BYTES } from "@demls/wire/core";

export function identityMismatch(): DemlsError<"identity-mismatch"> {
  return new DemlsError("identity-mismatch", {
    message: "The MLS service and the signer have different identities.",
    field: "mls",
    remedy: "Create the MLS service with the signer's identity: a vote counts only for its sender.",
  });
}

/** @throws DemlsError `invalid-display` unless it is a name that a member can claim. */
export function checkDisplay(display: string): void {
  if (typeof display === "string" && claimedName(display) !== undefined) return;
  throw new DemlsError("invalid-display", {
    message: "The display name is too long, blank, or has control characters.",
    field: "display",
    remedy: `Pass a line of text of at most ${MAX_CLAIMED_NAME_BYTES} bytes.`,
  });
}

export function conversationExists(name: string): DemlsError<"conversation-exists"> {
  return new DemlsError("conversation-exists", {
    message: `This user is already in ${JSON.stringify(name)}, or joining it.`,
    field: "name",
    remedy: "Use user.conversation(name), or leave the conversation first.",
  });
}

export function unknownConversation(name: string): DemlsError<"unknown-conversation"> {
  return new DemlsError("unknown-conversation", {
    message: `This user is not in ${JSON.stringify(name)} and not joining it.`,
    field: "name",
    remedy: "Create or join it first; user.conversations lists the conversations.",
  });
}

export function unusableKeyPackage(reason: string): DemlsError<"invalid-key-package"> {
  return new DemlsError("invalid-key-package", {
    message: `The key package cannot be added: ${reason}.`,
    field: "keyPackage",
    remedy: "Ask the joiner for a fresh key package.",
  });
}

export function userClosed(): DemlsError<"closed"> {
  return new DemlsError("closed", { message: "The user is closed.", remedy: "Create a new user." });
}
