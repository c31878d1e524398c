import { repairsGaps } from "../model/abilities.js";
import type { AppMessage } from "@demls/wire";
import { bytesEqual, bytesToHex, bytesToUtf8, DemlsError, type MemberId } from "@demls/wire/core";
import { isVerified } from "../identity/verified-members.js";
import { claimedNameOf } from "../model/claimed-name.js";
import { accepted, ignored, rejected, type InboundOutcome } from "../model/inbound-outcome.js";
import { LIMITS } from "../model/limits.js";
import type { QueuedMessage } from "../model/messages.js";
import { repairEpochOf } from "../model/repair.js";
import { rosterEntryOf } from "../model/roster.js";
import { appendBounded } from "../model/persistent-collections.js";
import { emit, update, type ActiveTransaction } from "../model/transaction.js";
import { noteName } from "./claimed-names.js";
import { sealAndEnqueue } from "./send.js";
import { AGAIN_TICKET, keepSent } from "./sent-chat.js";
import type { OpenedPlace } from "../model/opened-place.js";
import { standingOf, isUnconfirmed } from "../standing/index.js";

/** Bytes of a message's id. */
const ID_BYTES = 16;

/** The latest time that a `Date` can hold. */
const MAX_TIME_MS = 8_640_000_000_000_000n;

type WireMessage = Extract<AppMessage, { kind: "conversation_message" }>;

/**
 * Sends a chat message. It is encrypted at once, or queued during a freeze and encrypted in the next epoch, because
 * members that have merged could not decrypt it. It is also queued while this member catches up, and until a peer has
 * confirmed its next generation.
 *
 * @throws DemlsError `message-too-large`; `too-many-messages` if the queue or the outbox is full.
 */
export async function sendChat(tx: ActiveTransaction, ticket: number, content: Uint8Array): Promise<void> {
  if (content.length > LIMITS.messageBytes) throw tooLarge();
  const { phase, chat, outbox } = tx.state;
  const standing = standingOf(tx);
  const isSealedNow = phase !== "freezing" && standing !== "catchingUp" && standing !== "unconfirmed";
  const isFull = isSealedNow
    ? outbox.entries.length >= LIMITS.outbox
    : chat.queued.length >= LIMITS.queuedMessages;
  if (isFull) throw tooMany();
  const { random, nowWallMs } = tx.env;
  const id = random.bytes(ID_BYTES);
  const message = { ticket, content, id, sentAtMs: Math.floor(nowWallMs), sinceWallMs: undefined };
  if (isSealedNow) await sealChat(tx, message);
  else update(tx, "chat", { queued: [...chat.queued, message] });
}

/**
 * Encrypts the queued messages, in order, once a peer has confirmed this member's next generation. An old copy may lack
 * any number of own messages, whose keys must not encrypt again.
 */
export async function sealQueuedMessages(tx: ActiveTransaction): Promise<void> {
  const { queued } = tx.state.chat;
  if (queued.length === 0 || isUnconfirmed(tx)) return;
  update(tx, "chat", { queued: [] });
  const { shown } = tx.state.chat;
  // An old copy can hold a message that this member has sent since, and that others have served.
  for (const message of queued)
    if (!shown.includes(`${tx.env.self} ${bytesToHex(message.id)}`)) await sealChat(tx, message);
}

async function sealChat(
  tx: ActiveTransaction,
  { ticket, content, id, sentAtMs, sinceWallMs }: QueuedMessage,
): Promise<void> {
  // That of the leaf: this member may have joined by another name than it has elsewhere.
  const name = rosterEntryOf(tx.state.group, tx.env.self)?.claimedName ?? tx.env.display;
  const { sequence, generation } = await sealAndEnqueue(tx, {
    kind: "conversation_message",
    message: content,
    // Shown by some clients; the sender is authenticated by MLS (weakness W17).
    sender: name,
    conversationName: tx.state.name,
    id,
    sentAtMs: BigInt(sentAtMs),
  });
  const { nowWallMs } = tx.env;
  const { epoch } = tx.state.group;
  const sent = {
    content,
    id,
    sentAtMs,
    sinceWallMs: sinceWallMs ?? Math.floor(nowWallMs),
    epoch,
    generation,
  };
  noteName(tx, tx.env.self, name);
  const hexId = bytesToHex(id);
  tx.effects.push({ kind: "sealed", ticket, sequence, id: hexId });
  if (ticket > AGAIN_TICKET)
    tx.effects.push({
      kind: "chat",
      message: {
        ...{ id: hexId, sender: tx.env.self, isOwn: true, verified: false },
        claimedName: claimedNameOf(tx.state, tx.env.self),
        ...{ content, text: bytesToUtf8(content), epoch: tx.state.group.epoch },
        ...{ sentAtMs, receivedAtMs: Math.floor(tx.env.nowWallMs) },
      },
    });
  keepSent(tx, sent);
}

/**
 * Handles a chat message. A commit may have overtaken it, so a message of the previous epoch is accepted, but only from a current
 * member: a removed member still has that epoch's keys. After {@link LIMITS.pastEpochChatMs}, only a member of the same leaf key
 * is read, since its former one may be stolen; a message of another one counts as missed.
 */
export function receiveChat(
  tx: ActiveTransaction,
  message: WireMessage,
  sender: MemberId,
  place: OpenedPlace,
): InboundOutcome {
  const { group } = tx.state;
  const { epoch } = place;
  if (epoch !== group.epoch) {
    if (!group.members.includes(sender)) return rejected("not-a-member", undefined, sender);
    if (!isReadLate(tx, sender, epoch)) {
      if (repairsGaps(tx)) emit(tx, { kind: "missed", sender, count: 1, epoch });
      return ignored("past-epoch");
    }
  }
  const { message: content, sentAtMs } = message;
  const ownId = message.id?.length === ID_BYTES ? bytesToHex(message.id) : undefined;
  if (ownId !== undefined && repairsGaps(tx)) {
    const key = `${sender} ${ownId}`;
    const { shown } = tx.state.chat;
    if (shown.includes(key)) return ignored("known-message");
    update(tx, "chat", { shown: appendBounded(shown, key, LIMITS.shownMessages) });
  }
  noteName(tx, sender, message.sender);
  const received = {
    ...{ sender, content, text: bytesToUtf8(content), epoch },
    ...{ claimedName: claimedNameOf(tx.state, sender), verified: isVerified(tx.state, sender) },
    id: ownId ?? `${epoch}.${place.leafIndex}.${place.generation}`,
    sentAtMs: sentAtMs !== undefined && sentAtMs <= MAX_TIME_MS ? Number(sentAtMs) : undefined,
    receivedAtMs: Math.floor(tx.env.nowWallMs),
  };
  emit(tx, { kind: "message", ...received });
  tx.effects.push({ kind: "chat", message: { ...received, isOwn: sender === tx.env.self } });
  return accepted("message", sender);
}

/** Whether chat of the epoch before the current one is still read. */
function isReadLate(tx: ActiveTransaction, sender: MemberId, epoch: bigint): boolean {
  const { group, repair } = tx.state;
  if (tx.env.nowMs - tx.state.epoch.enteredAtMs <= LIMITS.pastEpochChatMs) return true;
  const past = repairEpochOf(repair, epoch);
  const then = past && rosterEntryOf(past, sender);
  const now = rosterEntryOf(group, sender);
  return then !== undefined && now !== undefined && bytesEqual(then.signatureKey, now.signatureKey);
}

function tooLarge(): DemlsError<"message-too-large"> {
  return new DemlsError("message-too-large", {
    message: `A message must not exceed ${LIMITS.messageBytes} bytes.`,
    field: "content",
    remedy: "Split the message, or send a link.",
  });
}

function tooMany(): DemlsError<"too-many-messages"> {
  return new DemlsError("too-many-messages", {
    message: "The queue of outgoing messages is full.",
    remedy: "Try again when earlier messages are published.",
  });
}
