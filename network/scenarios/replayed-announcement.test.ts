import { expect, test } from "vitest";
import { agreement } from "../driver/agreement.js";
import type { ChatProcess } from "../driver/chat-process.js";
import { flood } from "../driver/flood.js";
import { addressOf, create, join } from "../driver/group.js";
import { listen } from "../driver/listener.js";
import { talk } from "../driver/talk.js";

/** The result of `/connections`. */
interface Connections {
  readonly connection: {
    readonly topics: readonly { readonly topic: string }[];
    readonly dropped: { readonly repeated: number; readonly overRate: number; readonly forged: number };
  };
}

/** The sending peer is cut after two thousand repeated packets at the earliest. */
const SENT_AT_LEAST = 2_000;

test("An announcement that a peer sends thousands of times is forwarded a few times, until the peer is cut", async () => {
  const alice = await create("alice");
  const listener = await listen(await addressOf(alice));
  const bob = await join("bob", [alice]);
  const announcement = await listener.announcement;
  await agreement([alice, bob], 2);
  const [before, { topics }] = [listener.copiesOf(announcement), await connectionOf(alice)];
  const [topic] = topics;
  if (topic === undefined) throw new Error("alice has no subscription.");

  const [report] = await flood(await addressOf(alice), topic.topic, 1, `welcome:${announcement}`);
  expect(report?.cuts).toBeGreaterThan(0);
  expect(report?.rpcs).toBeGreaterThanOrEqual(SENT_AT_LEAST);

  // Most are not even compared with the first one: a peer has a rate.
  const { dropped } = await connectionOf(alice);
  expect(dropped.overRate).toBeGreaterThan(dropped.repeated);
  // As many as a peer may send at once were compared with it, and one in five seconds was read.
  expect(dropped.repeated).toBeGreaterThan(100);
  const forwarded = listener.copiesOf(announcement) - before;
  expect(forwarded).toBeLessThan(SENT_AT_LEAST / 100);
  const { repeated, overRate, forged } = (await connectionOf(bob)).dropped;
  expect(repeated + overRate + forged).toBeLessThanOrEqual(forwarded);

  await agreement([alice, bob], 2);
  await talk([alice, bob], "after the flood");
});

async function connectionOf(chat: ChatProcess): Promise<Connections["connection"]> {
  return (await chat.command<Connections>("/connections")).connection;
}
