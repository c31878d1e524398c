import { DemlsError } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";
import { requireGroup, sealAndEnqueue, update, type Transaction } from "../model/transaction.js";

/**
 * Sends a chat message: sealed at once, or, while the group settles on a commit, held and sealed in
 * the epoch that follows, since members that have moved on could not read it.
 *
 * @throws DemlsError `not-joined`; `message-too-large`; `too-many-messages` where as many are held or
 *   waiting to be published as are kept.
 */
export async function sendChat(tx: Transaction, ticket: number, content: Uint8Array): Promise<void> {
  requireGroup(tx);
  if (content.length > LIMITS.messageBytes) throw tooLarge();
  const { phase, queuedMessages, outbox } = tx.state;
  if (phase === "working" || phase === "reelection") {
    if (outbox.length >= LIMITS.outbox) throw tooMany();
    await sealChat(tx, ticket, content);
    return;
  }
  if (queuedMessages.length >= LIMITS.queuedMessages) throw tooMany();
  update(tx, { queuedMessages: [...queuedMessages, { ticket, content }] });
}

/** Seals what was held, in the order it came. */
export async function sealQueuedMessages(tx: Transaction): Promise<void> {
  const { queuedMessages } = tx.state;
  if (queuedMessages.length === 0) return;
  update(tx, { queuedMessages: [] });
  for (const { ticket, content } of queuedMessages) await sealChat(tx, ticket, content);
}

async function sealChat(tx: Transaction, ticket: number, content: Uint8Array): Promise<void> {
  const sequence = await sealAndEnqueue(tx, {
    kind: "conversation_message",
    message: content,
    // For members that show this field; who sent a message is known from MLS (weakness W17).
    sender: tx.env.display,
    conversationName: tx.state.name,
  });
  tx.effects.push({ kind: "sealed", ticket, sequence });
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
