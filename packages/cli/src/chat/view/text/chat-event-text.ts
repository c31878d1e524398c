import type { ChatMessage } from "demls";
import type { Room } from "../../room/room.js";
import type { ScreenLine } from "../../terminal/screen.js";
import type { ChatEvent } from "../chat-event.js";
import { bestAddresses } from "../../network/best-addresses.js";
import { joinCommand, type JoinCommandOptions } from "../join-command.js";
import { describeConversationEvent } from "./conversation-event-text.js";
import { describeError } from "./error-text.js";
import { describeCompany } from "./member-text.js";
import { describeMessage } from "./message-text.js";
import type { TextSettings } from "./text-settings.js";
import { count } from "./wording.js";

const UNANSWERED =
  "You have not been let in yet: the members voted no, or too few of them are online. After a no, they vote on you again " +
  "only if you start again, ten minutes later at the earliest.";

/** Describes an event in text lines. */
export function describeChatEvent(
  event: ChatEvent,
  room: Room,
  settings: TextSettings,
): readonly ScreenLine[] {
  switch (event.kind) {
    case "started":
      return describeStart(event, room, settings.joinOptions);
    case "removedBefore":
      return [{ style: "warning", text: describeRemoval(room) }];
    case "history":
      return describeHistory(event.messages, room, settings);
    case "waiting": {
      const text = `Not sent yet: ${count(event.messages, "message")} of before. Another member has to answer first.`;
      return [{ style: "notice", text }];
    }
    case "said":
      return [{ style: "own", text: describeMessage(event.message, room, settings) }];
    case "connection":
      return describeConnection(event, room);
    case "asked":
      return [
        {
          style: "notice",
          text: `Asked ${count(event.subscribers, "peer")} to let you in. ${room.inviter === undefined ? "Without an invitation, a member may have to do that by /admit." : "They vote on it, which takes a moment."}`,
        },
      ];
    case "joining":
      return describeJoining(event, room);
    case "ignored": {
      const which = event.options.map(({ option, holds }) => `${option} (it stays ${holds})`).join(", ");
      return [{ style: "warning", text: `Ignored, since ${room.conversation.name} goes on: ${which}.` }];
    }
    case "unanswered":
      return [{ style: "notice", text: UNANSWERED }];
    case "event":
      return describeConversationEvent(event.event, room, settings);
    case "failed":
      return [{ style: "warning", text: describeError(event.error) }];
    case "closing":
      return [{ style: "notice", text: describeClosing(event.leaves, room) }];
    case "closed":
      return [];
  }
}

const OVER = { expired: "has expired", "used-up": "is used up", revoked: "was revoked" } as const;

/** Describes a stage of a join once; the prompt has the votes and the time left. */
function describeJoining(
  { stage, partner, over, clockAheadMs }: Extract<ChatEvent, { kind: "joining" }>,
  { names, inviter }: Room,
): readonly ScreenLine[] {
  // Names are told to members alone.
  const known = partner === undefined ? "A member" : names.nameOf(partner);
  const name = partner !== undefined && partner === inviter ? `Your inviter ${known}` : known;
  const texts: Partial<Record<typeof stage, string>> = {
    waiting: `${name} answers. The vote on you has not begun.`,
    "awaiting-admission": `${name} answers. A member has to let you in by /admit.`,
    voting: `${name} answers. The members vote on you.`,
    approved: "You are voted in. The stewards commit it.",
    confirming: `${name} answers that you are in. The word of your inviter is awaited.`,
    refused: `${name} answers no. Another member may still let you in.`,
    banned: `${name} answers: the group has banned you. Any member can lift that by /unban.`,
    "invitation-over": `${name} answers: your invitation ${over === undefined ? "was revoked, is used up or has expired" : OVER[over]}. A member has to let you in by /admit.`,
    ready: "You are up to date, as others confirm.",
  };
  const text = texts[stage];
  return [
    ...(text === undefined ? [] : [{ style: "notice", text } as const]),
    ...(clockAheadMs === undefined
      ? []
      : [
          {
            style: "warning",
            text: describeClock(partner === undefined ? "a member" : known, clockAheadMs),
          } as const,
        ]),
  ];
}

function describeClock(name: string, aheadMs: number): string {
  const off = `${Math.round(Math.abs(aheadMs) / 60_000)} minutes ${aheadMs > 0 ? "ahead of" : "behind"}`;
  return `Your clock is ${off} that of ${name}. With such a clock you could not vote, so you are not let in: set it, and the join goes on.`;
}

function describeRemoval({ conversation }: Room): string {
  return (
    `You were removed from ${conversation.name}: its members ignore you until one of them types /unban, or the ban ends, ` +
    "thirty days after the removal by default."
  );
}

function describeHistory(
  messages: readonly ChatMessage[],
  room: Room,
  settings: TextSettings,
): readonly ScreenLine[] {
  if (messages.length === 0) return [];
  return [
    {
      style: "notice",
      text: messages.length === 1 ? "The last message:" : `The last ${messages.length} messages:`,
    },
    ...messages.map((message): ScreenLine => ({
      style: message.isOwn ? "own" : "message",
      text: describeMessage(message, room, settings),
    })),
  ];
}

function describeConnection(
  { connection, subscribers, silent, answering }: Extract<ChatEvent, { kind: "connection" }>,
  { conversation }: Room,
): readonly ScreenLine[] {
  const peers = connection.peers.length;
  const here = `${subscribers === 0 ? "none of them" : subscribers} in ${conversation.name}`;
  const state = peers === 0 ? "Not connected" : `Connected to ${count(peers, "peer")}, ${here}`;
  const waits = connection.isOnline ? (peers === 0 ? "; waiting." : ".") : ", until /online.";
  return [
    { style: "notice", text: `${state}${waits}` },
    ...answering.map((address): ScreenLine => ({ style: "notice", text: `${address} answers.` })),
    ...silent.map(({ address, lastError }): ScreenLine => ({
      style: "warning",
      text: `No answer from ${address}${lastError === undefined ? "" : ` (${lastError})`}; trying again.`,
    })),
  ];
}

function describeClosing(leaves: boolean, { conversation, self }: Room): string {
  if (leaves) return "Leaving the group. Ctrl-C again ends at once.";
  const { phase, pendingLeaves } = conversation.state;
  if (phase === "pending-join") return "Closing. The same command asks again.";
  if (pendingLeaves.includes(self))
    return "Closing before your leave is committed. The same command goes on with it.";
  return `Closing. You stay in ${conversation.name}: the same command goes on.`;
}

function describeStart(
  event: Extract<ChatEvent, { kind: "started" }>,
  room: Room,
  joinOptions: JoinCommandOptions,
): readonly ScreenLine[] {
  const { conversation, member, addresses, identityFile, kept, neighbour } = event;
  const identity = identityFile === undefined ? "" : `, by ${identityFile}`;
  const commands = bestAddresses(addresses).map(
    (address) => `  ${joinCommand(joinOptions, conversation, address, neighbour)}`,
  );
  const texts = [
    `You are ${room.names.nameOf(member)} (0x${member}${identity}).`,
    describeOpening(event, room),
    ...commands,
    ...(kept === undefined ? [] : [describeKept(kept)]),
    kept === undefined
      ? "/help lists the commands; Ctrl-C leaves."
      : "/help lists the commands; Ctrl-C ends, and the same command goes on; /leave leaves for good.",
  ];
  return texts.map((text) => ({ style: "notice", text }));
}

function describeOpening(
  { conversation, created, resumed }: Extract<ChatEvent, { kind: "started" }>,
  room: Room,
): string {
  if (created)
    return `You created ${conversation}. /invite makes an invitation. Without one, others ask to be let in by`;
  const { phase, unconfirmed } = room.conversation.state;
  if (phase !== "pending-join" && unconfirmed)
    return `You go on in a group named ${conversation}${describeCompany(room)}, which is not confirmed: compare the numbers of /verify with a member. /invite makes an invitation. Without one, others ask to be let in by`;
  if (phase !== "pending-join")
    return `You are in ${conversation} already, and go on${describeCompany(room)}. /invite makes an invitation. Without one, others ask to be let in by`;
  return `You ask to join ${conversation}${resumed ? " as before" : ""}. After you have joined, others can ask to join through you by`;
}

function describeKept({
  folder,
  encrypted,
}: {
  readonly folder: string;
  readonly encrypted: boolean;
}): string {
  return encrypted
    ? `It is kept in ${folder}, encrypted by your passphrase.`
    : `It is kept in ${folder} in files for you alone, but without a passphrase: a copy of them is readable.`;
}
