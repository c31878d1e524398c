import type { ChatProcess } from "./chat-process.js";
import { memberOf } from "./group.js";

/** Number of messages per topic. */
const COUNT = 5;

/** Number of messages of which the transport no longer resends the first ones to a peer that returns. */
export const MORE_THAN_RESENT = 200;

/** Messages on a topic: the topic with a number. */
export function numbered(topic: string, count = COUNT): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${topic} ${index + 1}`);
}

/** Sends messages from all chats at once. Resolves when each chat has received the messages of all others. */
export async function talk(chats: readonly ChatProcess[], topic: string, count = COUNT): Promise<void> {
  const texts = numbered(topic, count);
  await Promise.all(chats.flatMap((chat) => texts.map((text) => chat.say(text))));
  await Promise.all(
    chats.flatMap((listener) =>
      chats.filter((speaker) => speaker !== listener).map((speaker) => hears(listener, speaker, texts)),
    ),
  );
}

/** Messages that `listener` has received from `speaker`, in order. */
export async function heard(listener: ChatProcess, speaker: ChatProcess): Promise<readonly string[]> {
  const sender = await memberOf(speaker);
  return listener.lines.flatMap((line) =>
    line.type === "message" && line["sender"] === sender ? [String(line["text"])] : [],
  );
}

/** Resolves when `listener` has received `texts` from `speaker`. */
export async function hears(
  listener: ChatProcess,
  speaker: ChatProcess,
  texts: readonly string[],
): Promise<void> {
  const sender = await memberOf(speaker);
  for (const text of texts) {
    await listener.line("message", (line) => line["sender"] === sender && line["text"] === text);
  }
}
