import { setImmediate } from "node:timers/promises";
import { createMemoryStorage, type MemoryStorage } from "@demls/storage-memory";
import { createSeededNetwork, type SeededNetwork } from "@demls/testkit";
import { REPAIR_SUBTOPIC, WELCOME_SUBTOPIC, type Packet, type Transport } from "@demls/wire/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createUserFrom, type Conversation, type ConversationEvent, type User } from "../../src/index.js";
import type { InboundReport } from "../../src/trace/index.js";
import { advance, openScene, settle, type Scene } from "../harness/index.js";

const HOUR_MS = 3_600_000;

let scene: Scene;
let network: SeededNetwork;
const users: User[] = [];

interface Actor {
  readonly user: User;
  readonly garden: () => Conversation;
  readonly events: ConversationEvent[];
  readonly inbound: InboundReport[];
  readonly restart: (transport?: Transport) => Promise<Actor>;
}

beforeEach(async () => {
  ({ scene } = await openScene({ seed: "history", fakes: true }));
  network = createSeededNetwork({
    ...{ clock: scene.clock, seed: "history", history: {} },
  });
});

afterEach(async () => {
  for (const user of users.splice(0)) await user.close();
});

/** A user whose network keeps packets. */
async function enter(name: string): Promise<Actor> {
  const storage: MemoryStorage = createMemoryStorage();
  const person = await scene.enter(name, storage);
  await person.user.close();
  const start = async (transport: Transport): Promise<Actor> => {
    const user = await createUserFrom({ ...person.options, transport });
    users.push(user);
    const events: ConversationEvent[] = [];
    const inbound: InboundReport[] = [];
    const watch = ({ events$, admin }: Conversation): void => {
      events$.subscribe((event) => events.push(event));
      admin.inbound$.subscribe((report) => inbound.push(report));
    };
    user.conversations.forEach(watch);
    user.lifecycle$.subscribe((change) => {
      if (change.kind === "created") watch(change.conversation);
    });
    const restart = async (next: Transport = network.join()): Promise<Actor> => {
      await user.close();
      return start(next);
    };
    return { user, garden: () => user.conversation("garden"), events, inbound, restart };
  };
  return start(network.join());
}

async function gather(...actors: readonly Actor[]): Promise<void> {
  for (const [index, { user }] of actors.entries())
    await (index === 0 ? user.createConversation("garden") : user.join({ name: "garden" }).conversation);
  const isWhole = ({ garden }: Actor): boolean =>
    garden().state.members.length === actors.length && garden().state.phase === "working";
  expect(await scene.clock.advanceUntil(() => actors.every(isWhole), HOUR_MS)).toBe(true);
  await advance(scene, 60_000);
}

const textsOf = ({ events }: Actor): string[] =>
  events.flatMap((event) => (event.kind === "message" ? [event.text ?? ""] : []));

/** Says a text and lets everyone renew keys once, in an epoch each. */
async function live(speaker: Actor, actors: readonly Actor[], text: string): Promise<void> {
  await speaker.garden().send(text);
  for (const { garden } of actors) {
    const renewed = garden().renewKeys();
    await advance(scene, 5 * 60_000);
    await renewed;
  }
}

describe("A member that comes back while all others are away", () => {
  test("reads from the transport's history what it has missed, over several epochs", async () => {
    const [alice, bob, carol] = [await enter("alice"), await enter("bob"), await enter("carol")];
    await gather(alice, bob, carol);
    await carol.user.close();
    const from = alice.garden().state.epoch ?? 0n;
    await live(alice, [alice, bob], "one");
    await advance(scene, HOUR_MS);
    await live(bob, [alice, bob], "two");
    await advance(scene, 6 * HOUR_MS);
    const { epoch, epochAuthenticator } = alice.garden().state;
    expect(epoch).toBe(from + 4n);
    await alice.user.close();
    await bob.user.close();
    const back = await carol.restart();
    await advance(scene, 10 * 60_000);
    expect(textsOf(back)).toEqual(["one", "two"]);
    expect(back.garden().state).toMatchObject({ epoch, epochAuthenticator });
  });

  test("buffers no key package of the history, and reads none of its reports", async () => {
    const [alice, bob] = [await enter("alice"), await enter("bob")];
    await gather(alice, bob);
    await bob.user.close();
    await alice.garden().send("hello");
    await advance(scene, 5_000);
    await alice.user.close();
    const dave = await enter("dave");
    await dave.user.join({ name: "garden" }).conversation;
    await advance(scene, 5_000);
    await dave.user.close();
    const back = await bob.restart();
    await advance(scene, 60_000);
    expect(textsOf(back)).toEqual(["hello"]);
    for (const subtopic of [WELCOME_SUBTOPIC, REPAIR_SUBTOPIC]) {
      const read = back.inbound.filter(({ packet }) => packet.subtopic === subtopic);
      const outcomes = read.map(({ outcome }) => outcome);
      expect(outcomes).toContainEqual({ kind: "ignored", reason: "old-packet" });
    }
    expect(back.events.filter(({ kind }) => kind === "voteRequested")).toEqual([]);
  });
});

describe("A transport's history", () => {
  let alice: Actor;

  beforeEach(async () => {
    alice = await enter("alice");
    await gather(alice);
  });

  /** A transport that yields these packets, and the times since which it was asked. */
  function yielding(packets: () => AsyncIterable<Packet>): Transport & { readonly asked: number[] } {
    const asked: number[] = [];
    return {
      ...network.join(),
      asked,
      history(_name, since) {
        asked.push(since);
        return packets();
      },
    };
  }

  test("is asked for the time since the last step, and ten minutes more", async () => {
    await alice.garden().send("last");
    await settle(scene);
    const lastMs = scene.clock.wallMs();
    await alice.user.close();
    await advance(scene, 5 * HOUR_MS);
    const transport = yielding(async function* () {});
    await alice.restart(transport);
    await advance(scene, 1);
    expect(transport.asked).toEqual([lastMs - 600_000]);
  });

  test("is asked for the whole absence, also if something is sent before", async () => {
    await alice.garden().send("last");
    await settle(scene);
    const lastMs = scene.clock.wallMs();
    await alice.user.close();
    await advance(scene, 5 * HOUR_MS);
    const transport = yielding(async function* () {});
    const back = await alice.restart(transport);
    await back.garden().send("hello");
    await advance(scene, 1);
    expect(transport.asked).toEqual([lastMs - 600_000]);
  });

  test.each<[string, () => Promise<never>]>([
    ["fails", () => Promise.reject(new Error("secret 1234"))],
    ["is silent", () => new Promise(() => undefined)],
  ])("that %s is reported once and read again from there; the conversation goes on", async (_, next) => {
    let isBroken = true;
    const broken = { [Symbol.asyncIterator]: () => ({ next }) };
    const transport = yielding(() => (isBroken ? broken : (async function* () {})()));
    const back = await alice.restart(transport);
    await advance(scene, 61_000);
    const failures = (): ConversationEvent[] => back.events.filter((event) => event.kind === "error");
    expect(failures()).toMatchObject([{ code: "history-failed", operation: "history" }]);
    expect(JSON.stringify(failures())).not.toContain("1234");
    await back.garden().send("on");
    await advance(scene, HOUR_MS);
    isBroken = false;
    await advance(scene, HOUR_MS);
    const { length } = transport.asked;
    expect(length).toBeGreaterThan(3);
    expect(new Set(transport.asked).size).toBe(1);
    expect(failures()).toHaveLength(1);
    await advance(scene, 5 * HOUR_MS);
    expect(transport.asked).toHaveLength(length);
  });

  test("that never ends is left when the user is closed", async () => {
    let isEnded = false;
    let count = 0;
    const transport = yielding(async function* () {
      const packet = { subtopic: "app_msg", conversationId: "garden", appId: new Uint8Array(0) };
      try {
        for (;;) {
          await setImmediate();
          yield { ...packet, payload: Uint8Array.of(++count & 0xff) };
        }
      } finally {
        isEnded = true;
      }
    });
    const back = await alice.restart(transport);
    await scene.clock.advanceUntil(() => count > 10, 1_000);
    await back.user.close();
    await settle(scene);
    expect(isEnded).toBe(true);
    expect(back.events.filter((event) => event.kind === "error")).toEqual([]);
  });
});
