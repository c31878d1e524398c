import type { ChatProcess } from "./chat-process.js";
import { memberOf } from "./group.js";

/** How many things are said of a topic. */
const COUNT = 5;

/** What is said of a topic: the topic with a number behind it. */
export function numbered(topic: string, count = COUNT): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${topic} ${index + 1}`);
}

/** Each says so many things of a topic, all at once; resolves when everyone has heard everyone else. */
export async function talk(chats: readonly ChatProcess[], topic: string, count = COUNT): Promise<void> {
  const texts = numbered(topic, count);
  await Promise.all(chats.flatMap((chat) => texts.map((text) => chat.say(text))));
  await Promise.all(
    chats.flatMap((listener) =>
      chats.filter((speaker) => speaker !== listener).map((speaker) => hears(listener, speaker, texts)),
    ),
  );
}

/** What `listener` has heard of `speaker`, in order. */
export async function heard(listener: ChatProcess, speaker: ChatProcess): Promise<readonly string[]> {
  const sender = await memberOf(speaker);
  return listener.lines.flatMap((line) =>
    line.type === "message" && line["sender"] === sender ? [String(line["text"])] : [],
  );
}

/** Resolves when `listener` has heard `texts` of `speaker`. */
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
