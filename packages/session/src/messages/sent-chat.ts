import { bytesToHex, type MemberId } from "@demls/wire/core";
import type { FactOf } from "../model/fact.js";
import { LIMITS } from "../model/limits.js";
import type { SentChat } from "../model/messages.js";
import { slotsIn } from "../model/packet-slots.js";
import { entriesWhere, withEntry } from "../model/persistent-collections.js";
import { repairsGaps } from "../model/abilities.js";
import { ownPosition } from "../model/roster.js";
import { emit, update, type ActiveTransaction } from "../model/transaction.js";
import { standingOf } from "../standing/index.js";
import { withdraw } from "./outbox.js";

/** Tickets of messages that are sent again are below this one. Those of calls count from 1, and need not be unique. */
export const AGAIN_TICKET = 0;

/** Time in ms after a commit in which the other members report what they have of the epoch before. */
const REPORTS_MS = 10_000;

/** Delays in ms before a message is encrypted again that the transport has rejected; the last repeats. */
const REJECTED_MS = [30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000];

/** Keeps a message that this member has encrypted, until another one reports to have it. */
export function keepSent(tx: ActiveTransaction, sent: SentChat): void {
  if (!repairsGaps(tx) || tx.state.group.members.length === 1) return;
  update(tx, "chat", { sent: [...tx.state.chat.sent, sent] });
  boundSent(tx);
}

function isReported({ state }: ActiveTransaction, { id }: SentChat): boolean {
  return state.chat.reported.has(bytesToHex(id));
}

/** Gives up messages beyond the bounds: the oldest that another member has, then the oldest. */
function boundSent(tx: ActiveTransaction): void {
  for (;;) {
    const { sent } = tx.state.chat;
    const bytes = sent.reduce((sum, { content }) => sum + content.length, 0);
    if (sent.length <= LIMITS.sentMessages && bytes <= LIMITS.sentMessageBytes) return;
    const victim = sent.find((message) => isReported(tx, message)) ?? sent[0];
    if (victim === undefined) return;
    drop(tx, [victim]);
  }
}

/** Forgets messages, and tells of those that no other member has reported to have. */
function drop(tx: ActiveTransaction, dropped: readonly SentChat[]): void {
  if (dropped.length === 0) return;
  const lost = dropped.filter((message) => !isReported(tx, message));
  keepOnly(
    tx,
    tx.state.chat.sent.filter((message) => !dropped.includes(message)),
  );
  for (const message of lost) {
    const waiting = outboxEntryOf(tx, message);
    if (waiting !== undefined) {
      withdraw(tx, waiting.sequence);
      tx.effects.push({ kind: "leftOutbox", sequence: waiting.sequence, published: false });
    }
    emit(tx, { kind: "notDelivered", id: bytesToHex(message.id) });
  }
}

function keepOnly(tx: ActiveTransaction, sent: readonly SentChat[]): void {
  const ids = new Set(sent.map(({ id }) => bytesToHex(id)));
  const reported = entriesWhere(tx.state.chat.reported, (id) => ids.has(id));
  update(tx, "chat", { sent, reported });
}

function outboxEntryOf(
  { state }: ActiveTransaction,
  message: SentChat,
): ActiveTransaction["state"]["outbox"]["entries"][number] | undefined {
  return state.outbox.entries.find(({ sealed }) => sealed !== undefined && isAt(message, sealed));
}

/**
 * Notes which of this member's messages another one reports to have.
 *
 * @param has - whether it has the message of a generation of this member in the epoch.
 */
export function noteReported(
  tx: ActiveTransaction,
  member: MemberId,
  epoch: bigint,
  has: (generation: number) => boolean,
): void {
  const { sent, reported } = tx.state.chat;
  const news = sent.flatMap((message) => {
    const id = bytesToHex(message.id);
    const isNew = message.epoch === epoch && reported.get(id)?.includes(member) !== true;
    return isNew && has(message.generation) && outboxEntryOf(tx, message) === undefined ? [id] : [];
  });
  if (news.length === 0) return;
  let noted = reported;
  for (const id of news) noted = withEntry(noted, id, [...(noted.get(id) ?? []), member]);
  update(tx, "chat", { reported: noted });
  const messages = news.map((id) => ({ id, count: noted.get(id)?.length ?? 0 }));
  emit(tx, { kind: "delivered", member, messages });
}

/**
 * Queues the messages that this member has sent without the other members, under their ids: they are sent again. The
 * reports of members on another branch do not count any more.
 */
export function sendAgain(tx: ActiveTransaction): void {
  queueAgain(tx, tx.state.chat.sent);
}

function queueAgain(tx: ActiveTransaction, messages: readonly SentChat[]): void {
  const { queued, sent } = tx.state.chat;
  const lowest = Math.min(AGAIN_TICKET, ...queued.map(({ ticket }) => ticket));
  const room = Math.max(0, LIMITS.queuedMessages - queued.length);
  const fitting = messages.slice(Math.max(0, messages.length - room));
  drop(
    tx,
    messages.filter((message) => !fitting.includes(message)),
  );
  const again = fitting.map(({ content, id, sentAtMs, sinceWallMs }, index) => ({
    ...{ ticket: lowest - fitting.length + index, content, id, sentAtMs, sinceWallMs },
  }));
  update(tx, "chat", { queued: [...again, ...queued] });
  keepOnly(
    tx,
    sent.filter((message) => !messages.includes(message)),
  );
}

/**
 * Forgets the messages that another member has: all members have been on this member's branch. The others are encrypted again
 * unless reports come.
 */
export function forgetSent(tx: ActiveTransaction): void {
  const { sent } = tx.state.chat;
  const isAlone = tx.state.group.members.length === 1;
  drop(
    tx,
    sent.filter((message) => isAlone || isReported(tx, message)),
  );
}

/** Gives the others time to report what they have of the epoch before. */
export function awaitReports(tx: ActiveTransaction): void {
  const { epoch } = tx.state.group;
  if (tx.state.chat.sent.some((message) => message.epoch < epoch && !isReported(tx, message)))
    resendBy(tx, tx.env.nowMs + REPORTS_MS);
}

/** Has chat encrypted again that the transport has rejected for good: after growing times, one message as a trial. */
export function noteChatAbandoned(tx: ActiveTransaction, { sealed }: FactOf<"packetAbandoned">): void {
  if (sealed === undefined || !tx.state.chat.sent.some((message) => isAt(message, sealed))) return;
  const { rejections } = tx.state.chat;
  const delayMs = REJECTED_MS[Math.min(rejections, REJECTED_MS.length - 1)] ?? 0;
  update(tx, "chat", { rejections: rejections + 1 });
  resendBy(tx, tx.env.nowMs + delayMs);
}

/** Has the rest of such chat encrypted again, since the transport accepts packets. */
export function noteAccepted(tx: ActiveTransaction): void {
  if (tx.state.chat.rejections === 0) return;
  update(tx, "chat", { rejections: 0 });
  resendBy(tx, tx.env.nowMs + REPORTS_MS);
}

function isAt(
  { epoch, generation }: SentChat,
  sealed: NonNullable<FactOf<"packetAbandoned">["sealed"]>,
): boolean {
  return sealed.epoch === epoch && sealed.slot.kind === "message" && sealed.slot.generation === generation;
}

function resendBy(tx: ActiveTransaction, atMs: number): void {
  const { againAtMs = Infinity } = tx.state.chat;
  if (atMs < againAtMs) update(tx, "chat", { againAtMs: atMs });
}

/** Monotonic time at which chat is encrypted again or given up. */
export function resendDueMs({ env, state }: ActiveTransaction): number | undefined {
  const { againAtMs, sent } = state.chat;
  const [oldest] = sent;
  const endsAtMs =
    oldest === undefined
      ? undefined
      : env.nowMs + Math.max(0, oldest.sinceWallMs + LIMITS.undeliveredMs - env.nowWallMs);
  return endsAtMs === undefined ? againAtMs : Math.min(endsAtMs, againAtMs ?? endsAtMs);
}

/** Queues messages whose packets no other member can get any more, and gives up those that are too old. */
export function resendUnreported(tx: ActiveTransaction): void {
  const { nowMs, nowWallMs } = tx.env;
  drop(
    tx,
    tx.state.chat.sent.filter(({ sinceWallMs }) => nowWallMs - sinceWallMs >= LIMITS.undeliveredMs),
  );
  const { againAtMs, rejections } = tx.state.chat;
  if (againAtMs === undefined || againAtMs > nowMs) return;
  // Once it has caught up, it sends everything again that the others lack.
  const isBehind = standingOf(tx) === "catchingUp" || tx.state.repair.behindSince !== undefined;
  update(tx, "chat", { againAtMs: isBehind ? nowMs + REPORTS_MS : undefined });
  if (isBehind) return;
  const { epoch } = tx.state.group;
  const own = ownPosition(tx, tx.state.group);
  const served = new Set(
    slotsIn(tx.state.repair, epoch, "message")
      .filter(({ position }) => position === own)
      .map(({ generation }) => generation),
  );
  const lost = tx.state.chat.sent.filter(
    (message) =>
      !isReported(tx, message) &&
      (message.epoch < epoch ||
        (!served.has(message.generation) && outboxEntryOf(tx, message) === undefined)),
  );
  queueAgain(tx, rejections > 0 ? lost.slice(0, 1) : lost);
}
