import { DemlsError } from "@demls/wire/core";
import { LIMITS } from "./limits.js";
import { requireGroup, sealAndEnqueue, update, type Turn } from "./turn.js";

/**
 * Sends a chat message: sealed at once, or, while the group settles on a commit, held and sealed in
 * the epoch that follows, since members that have moved on could not read it.
 *
 * @throws DemlsError `not-joined`; `message-too-large`; `too-many-messages` where as many are held or
 *   waiting to be published as are kept.
 */
export async function sendChat(turn: Turn, ticket: number, content: Uint8Array): Promise<void> {
  requireGroup(turn);
  if (content.length > LIMITS.messageBytes) throw tooLarge();
  const { phase, heldMessages, outbox } = turn.state;
  if (phase === "working" || phase === "reelection") {
    if (outbox.length >= LIMITS.outbox) throw tooMany();
    await sealChat(turn, ticket, content);
    return;
  }
  if (heldMessages.length >= LIMITS.heldMessages) throw tooMany();
  update(turn, { heldMessages: [...heldMessages, { ticket, content }] });
}

/** Seals what was held, in the order it came. */
export async function sealHeldMessages(turn: Turn): Promise<void> {
  const { heldMessages } = turn.state;
  if (heldMessages.length === 0) return;
  update(turn, { heldMessages: [] });
  for (const { ticket, content } of heldMessages) await sealChat(turn, ticket, content);
}

async function sealChat(turn: Turn, ticket: number, content: Uint8Array): Promise<void> {
  const sequence = await sealAndEnqueue(turn, {
    kind: "conversation_message",
    message: content,
    // For members that show this field; who sent a message is known from MLS (weakness W17).
    sender: turn.env.display,
    conversationName: turn.state.name,
  });
  turn.effects.push({ kind: "sealed", ticket, sequence });
}

function tooLarge(): DemlsError<"message-too-large"> {
  return new DemlsError("message-too-large", {
    message: `A message may have ${LIMITS.messageBytes} bytes.`,
    field: "content",
    remedy: "Send it in parts, or send where it can be fetched.",
  });
}

function tooMany(): DemlsError<"too-many-messages"> {
  return new DemlsError("too-many-messages", {
    message: "As many messages wait to be sent as are kept.",
    remedy: "Try again when earlier ones are published.",
  });
}
