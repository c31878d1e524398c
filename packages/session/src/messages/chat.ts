import { bytesToUtf8, DemlsError, type MemberId } from "@demls/wire/core";
import { accepted, ignored, rejected, type InboundOutcome } from "../model/inbound-outcome.js";
import { LIMITS } from "../model/limits.js";
import { emit, update, type ActiveTransaction } from "../model/transaction.js";
import { sealAndEnqueue } from "./send.js";

/**
 * Sends a chat message: sealed at once, or, while the group settles on a commit, held and sealed in
 * the epoch that follows, since members that have moved on could not read it.
 *
 * @throws DemlsError `message-too-large`; `too-many-messages` where as many are held or
 *   waiting to be published as are kept.
 */
export async function sendChat(tx: ActiveTransaction, ticket: number, content: Uint8Array): Promise<void> {
  if (content.length > LIMITS.messageBytes) throw tooLarge();
  const { phase, chat, outbox } = tx.state;
  if (phase === "working" || phase === "reelection") {
    if (outbox.entries.length >= LIMITS.outbox) throw tooMany();
    await sealChat(tx, ticket, content);
    return;
  }
  if (chat.queued.length >= LIMITS.queuedMessages) throw tooMany();
  update(tx, "chat", { queued: [...chat.queued, { ticket, content }] });
}

/** Seals what was held, in the order it came. */
export async function sealQueuedMessages(tx: ActiveTransaction): Promise<void> {
  const { queued } = tx.state.chat;
  if (queued.length === 0) return;
  update(tx, "chat", { queued: [] });
  for (const { ticket, content } of queued) await sealChat(tx, ticket, content);
}

async function sealChat(tx: ActiveTransaction, ticket: number, content: Uint8Array): Promise<void> {
  const sequence = await sealAndEnqueue(tx, {
    kind: "conversation_message",
    message: content,
    // For members that show this field; who sent a message is known from MLS (weakness W17).
    sender: tx.env.display,
    conversationName: tx.state.name,
  });
  tx.effects.push({ kind: "sealed", ticket, sequence });
}

/**
 * Handles a chat message. One of the epoch before is still read, since the commit may have overtaken it: from present
 * members, and for {@link LIMITS.pastEpochChatMs}. Otherwise a removed member could go on writing with the keys that it
 * has kept.
 */
export function receiveChat(
  tx: ActiveTransaction,
  content: Uint8Array,
  sender: MemberId,
  epoch: bigint,
): InboundOutcome {
  const { group } = tx.state;
  if (epoch !== group.epoch) {
    if (!group.members.includes(sender)) return rejected("not-a-member", undefined, sender);
    if (tx.env.nowMs - tx.state.epoch.enteredAtMs > LIMITS.pastEpochChatMs) return ignored("past-epoch");
  }
  emit(tx, { kind: "message", sender, content, text: bytesToUtf8(content), epoch });
  return accepted("message", sender);
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
