import type { ChatMessage } from "demls";
import type { Room } from "../../room/room.js";
import { nameIn } from "./member-text.js";
import type { TextSettings } from "./text-settings.js";

/** The parts of a message that are shown. */
export type ShownMessage = Pick<
  ChatMessage,
  "sender" | "verified" | "sentAtMs" | "receivedAtMs" | "text" | "content"
>;

/** `14:05 bob~3fa9: hello`, with ` ✓` after the name of a member that this user has marked as verified. The time is that of sending, unless the sender claims a later one than that of receiving. */
export function describeMessage(
  { sender, verified, sentAtMs, receivedAtMs, text, content }: ShownMessage,
  room: Pick<Room, "names" | "self">,
  { timeOf }: Pick<TextSettings, "timeOf">,
): string {
  const time = timeOf(Math.min(sentAtMs ?? receivedAtMs, receivedAtMs));
  // After the digits of the id, where no claimed name reaches.
  const mark = verified && sender !== room.self ? " ✓" : "";
  return `${time} ${nameIn(room)(sender)}${mark}: ${text ?? `(${content.length} bytes, not text)`}`;
}
