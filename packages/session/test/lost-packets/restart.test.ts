import { createMemoryStorage, type MemoryStorage } from "@demls/storage-memory";
import { decodeRepairPacket } from "@demls/wire";
import { REPAIR_SUBTOPIC } from "@demls/wire/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createUserFrom, type Conversation, type ConversationEvent, type User } from "../../src/index.js";
import {
  advance,
  enter,
  eventsOf,
  gather,
  openScene,
  settle,
  textsOf,
  until,
  type MoodyTransport,
  type Person,
  type Scene,
} from "../harness/index.js";

let scene: Scene, alice: Person, bob: Person, carol: Person;
let atAlice: Conversation, atBob: Conversation;
/** Storage and transport of each member's latest process. */
const storages = new Map<Person, MemoryStorage>();
const transports = new Map<Person, MoodyTransport>();
/** Users of restarted processes. */
const restarted: User[] = [];

beforeEach(async () => {
  ({ scene } = await openScene("restart"));
  const people: Person[] = [];
  for (const name of ["alice", "bob", "carol"]) {
    const storage = createMemoryStorage();
    const person = await enter(scene, name, storage);
    storages.set(person, storage);
    transports.set(person, person.transport);
    people.push(person);
  }
  [alice, bob, carol] = people as [Person, Person, Person];
  [atAlice, atBob] = await gather(scene, "garden", alice, bob, carol);
  await advance(scene, 30_000);
});

afterEach(async () => {
  for (const user of restarted.splice(0)) await user.close();
});

/** A process of a member after its first one. */
interface Restarted {
  readonly garden: Conversation;
  readonly transport: MoodyTransport;
  readonly events: ConversationEvent[];
}

/** Ends a member's process: it sends and receives nothing any more. */
async function kill(person: Person): Promise<void> {
  const transport = transports.get(person) as MoodyTransport;
  await transport.close();
  transport.mood = "stalled";
}

/** Ends a member's process, unless it has ended, and starts another one from its storage. */
async function restart(person: Person, mood: MoodyTransport["mood"] = "well"): Promise<Restarted> {
  const storage = createMemoryStorage({ records: storages.get(person)?.records() ?? [] });
  await kill(person);
  const transport = scene.network.join();
  transport.mood = mood;
  storages.set(person, storage);
  transports.set(person, transport);
  const user = await createUserFrom({ ...person.options, transport, storage });
  restarted.push(user);
  const garden = user.conversation("garden");
  const events: ConversationEvent[] = [];
  garden.handleEvents((event) => void events.push(event));
  await garden.admin.idle();
  await settle(scene);
  return { garden, transport, events };
}

const subtopicsOf = ({ attempts }: MoodyTransport) => attempts.map(({ packet }) => packet.subtopic);

describe("A restarted member", () => {
  test("sends a repair packet first", async () => {
    const { transport } = await restart(alice);
    await advance(scene, 100);
    expect(subtopicsOf(transport)).toEqual([REPAIR_SUBTOPIC]);
    const { packet } = transport.attempts[0] ?? {};
    expect(decodeRepairPacket(packet?.payload ?? new Uint8Array(0)).ok).toBe(true);
  });

  test("asks before it encrypts, even if it is told to send at once", async () => {
    await kill(alice);
    const transport = scene.network.join();
    const storage = storages.get(alice);
    const user = await createUserFrom({
      ...alice.options,
      transport,
      ...(storage && { storage: createMemoryStorage({ records: storage.records() }) }),
    });
    restarted.push(user);
    const sending = user.conversation("garden").send("early");
    await settle(scene);
    expect(new Set(subtopicsOf(transport))).toEqual(new Set([REPAIR_SUBTOPIC]));
    await advance(scene, 3_000);
    await sending;
    expect(textsOf(bob)).toEqual(["early"]);
  });

  test("receives the messages of its absence", async () => {
    await kill(alice);
    await atBob.send("while you were away");
    await advance(scene, 20_000);
    const { events } = await restart(alice);
    await until(scene, () => textsOf({ events }).length > 0);
    expect(textsOf({ events })).toEqual(["while you were away"]);
  });

  test("serves messages that it sent or received before", async () => {
    await kill(carol);
    await atBob.send("by bob");
    await atAlice.send("by alice");
    await settle(scene);
    await kill(bob);
    await restart(alice);
    const { events } = await restart(carol);
    await until(scene, () => textsOf({ events }).length === 2);
    expect(textsOf({ events }).toSorted()).toEqual(["by alice", "by bob"]);
  });

  test("does not emit a served message again, and still opens the sender's next ones", async () => {
    await kill(alice);
    await atBob.send("one");
    await advance(scene, 20_000);
    const first = await restart(alice);
    await until(scene, () => textsOf(first).length > 0);
    // The handler's acknowledgement is stored with the next batch.
    await advance(scene, 300_000);
    const second = await restart(alice);
    await advance(scene, 60_000);
    await atBob.send("two");
    await advance(scene, 300_000);
    expect(textsOf(second)).toEqual(["two"]);
    expect(eventsOf(second, "missed")).toEqual([]);
  });

  test("casts no default vote until it gave up waiting for an answer", async () => {
    const proposal = atBob.proposeRemove(carol.id);
    void proposal.accepted.catch(() => undefined);
    await advance(scene, 1_000);
    const { events } = await restart(alice, "stalled");
    await advance(scene, 14_000);
    expect(eventsOf({ events }, "voteCast").filter(({ voter }) => voter === alice.id)).toEqual([]);
    await advance(scene, 2_000);
    expect(eventsOf({ events }, "voteCast").filter(({ voter }) => voter === alice.id)).toHaveLength(1);
  });

  test("declares the generations that it skips, so that no member misses them", async () => {
    await atAlice.send("before");
    await settle(scene);
    const { garden } = await restart(alice);
    await advance(scene, 3_000);
    await garden.send("after");
    await until(scene, () => textsOf(bob).includes("after"));
    await advance(scene, 900_000);
    expect(eventsOf(bob, "missed")).toEqual([]);
    expect(textsOf(bob)).toEqual(["before", "after"]);
  });
});
