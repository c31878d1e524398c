import { setInterval } from "node:timers/promises";
import type { ChatProcess } from "./chat-process.js";
import { without } from "./group.js";
import { hears } from "./talk.js";

/** Interval of messages: short enough to detect a pause, long enough to cause no load. */
const EVERY_MS = 100;

/** Sent messages and their latencies. */
export interface SmallTalk {
  /** Sent messages by sender. */
  readonly said: ReadonlyMap<ChatProcess, readonly string[]>;
  /** Milliseconds from each send until all others have received the message, in ascending order. */
  readonly delaysMs: readonly number[];
}

/** Sends messages from `chats` in turn until `end`. Resolves when all messages are received. */
export async function smallTalkUntil(
  end: Promise<unknown>,
  chats: readonly ChatProcess[],
): Promise<SmallTalk> {
  const said = new Map(chats.map((chat) => [chat, [] as string[]]));
  const heard: Promise<number>[] = [];
  const ending = new AbortController();
  void end.finally(() => ending.abort()).catch(() => undefined);
  for await (const [index, speaker] of turns(chats, ending.signal)) {
    const text = `remark ${index}`;
    said.get(speaker)?.push(text);
    heard.push(delayOf(speaker, without(chats, speaker), text));
  }
  return { said, delaysMs: (await Promise.all(heard)).sort((a, b) => a - b) };
}

async function* turns(
  chats: readonly ChatProcess[],
  signal: AbortSignal,
): AsyncGenerator<readonly [index: number, speaker: ChatProcess]> {
  let index = 0;
  for await (const _ of setInterval(EVERY_MS)) {
    const speaker = chats[index % chats.length];
    if (signal.aborted || speaker === undefined) return;
    yield [index, speaker];
    index += 1;
  }
}

async function delayOf(
  speaker: ChatProcess,
  listeners: readonly ChatProcess[],
  text: string,
): Promise<number> {
  const startMs = performance.now();
  await Promise.all([speaker.say(text), ...listeners.map((listener) => hears(listener, speaker, [text]))]);
  return performance.now() - startMs;
}
