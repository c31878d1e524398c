import type { ChatMessage } from "demls";
import type { Room } from "./room.js";

/** The last `count` kept messages, 256 at most, oldest first; none if nothing is kept. */
export async function lastMessages({ conversation }: Room, count: number): Promise<readonly ChatMessage[]> {
  return (await conversation.messages({ limit: count })).toReversed();
}
