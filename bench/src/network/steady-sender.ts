import { setTimeout as delay } from "node:timers/promises";
import type { Channel } from "./channel.js";
import type { Sent } from "./command.js";
import { hostMs } from "./host-clock.js";
import { timedText } from "./timed-text.js";

/** Poll interval of the clock, the shortest of Node's timers. */
const TICK_MS = 1;

/** Sends each text at its scheduled time, independent of pending ones. */
export async function sendSteadily(
  { send }: Channel,
  { count, perSecond }: { readonly count: number; readonly perSecond: number },
): Promise<Sent> {
  const beginMs = hostMs();
  const sending: Promise<boolean>[] = [];
  while (sending.length < count) {
    const due = Math.min(count, 1 + Math.floor(((hostMs() - beginMs) / 1_000) * perSecond));
    while (sending.length < due) sending.push(isTaken(send(timedText(sending.length))));
    await delay(TICK_MS);
  }
  const taken = (await Promise.all(sending)).filter(Boolean).length;
  return { taken, behindMs: hostMs() - beginMs - ((count - 1) / perSecond) * 1_000 };
}

function isTaken(sent: Promise<unknown>): Promise<boolean> {
  return sent.then(
    () => true,
    () => false,
  );
}
