import type { ChatMessage } from "demls";
import type { Room } from "../../room/room.js";
import type { Fields } from "./json-fields.js";

type ReceivedMessage = Omit<ChatMessage, "isOwn" | "position">;

/** The JSON fields of a message, with the displayed name of its sender. */
export function messageFields(message: ReceivedMessage, { names }: Pick<Room, "names">): Fields {
  const { sender, claimedName, verified, epoch, text, content, id, sentAtMs, receivedAtMs } = message;
  return {
    sender,
    name: names.nameOf(sender),
    claimedName,
    verified,
    epoch,
    ...(text === undefined ? { contentHex: content } : { text }),
    id,
    sentAt: isoTime(sentAtMs),
    receivedAt: isoTime(receivedAtMs),
  };
}

function isoTime(wallMs: number | undefined): string | undefined {
  return wallMs === undefined ? undefined : new Date(wallMs).toISOString();
}
