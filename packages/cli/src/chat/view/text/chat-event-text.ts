import { unreachable } from "../../network/chat-transport.js";
import type { Room } from "../../room/room.js";
import type { ScreenLine } from "../../terminal/screen.js";
import type { ChatEvent } from "../chat-event.js";
import { bestAddresses, joinCommand, type JoinCommandOptions } from "../join-command.js";
import { describeConversationEvent } from "./conversation-event-text.js";
import { describeError } from "./error-text.js";
import { count } from "./wording.js";

/** Describes an event in text lines. */
export function describeChatEvent(
  event: ChatEvent,
  room: Room,
  joinOptions: JoinCommandOptions,
): readonly ScreenLine[] {
  switch (event.kind) {
    case "started":
      return describeStart(event, room, joinOptions);
    case "connection":
      return describeConnection(event, room);
    case "asked":
      return [
        {
          style: "notice",
          text: `Asked ${count(event.subscribers, "peer")} to let you in. They vote on it, which takes a moment.`,
        },
      ];
    case "event":
      return describeConversationEvent(event.event, room);
    case "failed":
      return [{ style: "warning", text: describeError(event.error) }];
    case "closing":
      return [{ style: "notice", text: "Leaving the group. Ctrl-C again ends at once." }];
    case "closed":
      return [];
  }
}

function describeConnection(
  { connection, subscribers }: Extract<ChatEvent, { kind: "connection" }>,
  { conversation }: Room,
): readonly ScreenLine[] {
  const peers = connection.peers.length;
  const here = `${subscribers === 0 ? "none of them" : subscribers} in ${conversation.name}`;
  const state = peers === 0 ? "Not connected" : `Connected to ${count(peers, "peer")}, ${here}`;
  const waits = connection.isOnline ? (peers === 0 ? "; waiting." : ".") : ", until /online.";
  return [
    { style: "notice", text: `${state}${waits}` },
    ...unreachable(connection).map(({ address, lastError }): ScreenLine => ({
      style: "warning",
      text: `No answer from ${address}${lastError === undefined ? "" : ` (${lastError})`}; trying again.`,
    })),
  ];
}

function describeStart(
  { conversation, created, member, addresses, identityFile }: Extract<ChatEvent, { kind: "started" }>,
  { names }: Room,
  joinOptions: JoinCommandOptions,
): readonly ScreenLine[] {
  const identity = identityFile === undefined ? "" : `, by ${identityFile}`;
  const commands = bestAddresses(addresses).map(
    (address) => `  ${joinCommand(joinOptions, conversation, address)}`,
  );
  const texts = [
    `You are ${names.nameOf(member)} (0x${member}${identity}).`,
    created
      ? `You created ${conversation}. Others join with`
      : `You ask to join ${conversation}. After you have joined, others can join through you with`,
    ...commands,
    "/help lists the commands; Ctrl-C leaves.",
  ];
  return texts.map((text) => ({ style: "notice", text }));
}
