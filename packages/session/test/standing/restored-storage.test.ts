import { createMemoryStorage, type MemoryStorage } from "@demls/storage-memory";
import { createGenerationLedger, type GenerationLedger } from "@demls/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createUserFrom, type Conversation, type ConversationEvent, type User } from "../../src/index.js";
import {
  advance,
  enter,
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
let ledger: GenerationLedger;
const storages = new Map<Person, MemoryStorage>();
const restored: User[] = [];

beforeEach(async () => {
  ({ scene } = await openScene({ seed: "restored storage", fakes: true }));
  const people: Person[] = [];
  for (const name of ["alice", "bob", "carol"]) {
    const storage = createMemoryStorage();
    const person = await enter(scene, name, storage);
    storages.set(person, storage);
    people.push(person);
  }
  [alice, bob, carol] = people as [Person, Person, Person];
  ledger = createGenerationLedger();
});

afterEach(async () => {
  for (const user of restored.splice(0)) await user.close();
});

/** A copy of a member's storage as it is now. */
function copyOf(person: Person): MemoryStorage {
  return createMemoryStorage({ records: storages.get(person)?.records() ?? [] });
}

/** A process of a member that began with a copy of its storage. */
interface Restored {
  readonly garden: Conversation;
  readonly transport: MoodyTransport;
  readonly events: ConversationEvent[];
}

/** Ends a member's process, and starts another one from a copy of its storage. */
async function restore(person: Person, storage: MemoryStorage): Promise<Restored> {
  await person.transport.close();
  person.transport.mood = "stalled";
  const transport = scene.network.join();
  const user = await createUserFrom({ ...person.options, transport, storage });
  restored.push(user);
  const garden = user.conversation("garden");
  const events: ConversationEvent[] = [];
  garden.handleEvents((event) => void events.push(event));
  await garden.admin.idle();
  await settle(scene);
  return { garden, transport, events };
}

/** Generations that two different packets of these transports were sealed with. */
function reusedIn(...transports: readonly MoodyTransport[]): GenerationLedger["reused"] {
  for (const { attempts } of transports) for (const { packet } of attempts) ledger.note(packet.payload);
  return ledger.reused;
}

describe("A storage that is put back to an earlier time", () => {
  test("leads to no generation that is used twice, and its member writes on in the epoch of the others", async () => {
    const [atAlice] = await gather(scene, "garden", alice, bob, carol);
    await advance(scene, 60_000);
    const copy = copyOf(alice);
    for (const text of ["one", "two", "three"]) await atAlice.send(text);
    void atAlice.proposeRemove(carol.id).accepted.catch(() => undefined);
    await advance(scene, 180_000);
    expect(atAlice.state.members).toHaveLength(2);
    await atAlice.send("four");
    await advance(scene, 5_000);
    const { garden, transport, events } = await restore(alice, copy);
    await until(scene, () => !garden.state.catchingUp && garden.state.members.length === 2);
    await advance(scene, 10_000);
    await garden.send("five");
    await advance(scene, 5_000);
    expect(textsOf({ events })).toEqual(["one", "two", "three", "four"]);
    expect(textsOf(bob)).toEqual(["one", "two", "three", "four", "five"]);
    expect(reusedIn(alice.transport, transport)).toEqual([]);
  });

  test("leads to none either if its member joined the group in the lost time", async () => {
    const config = { commitInactivityMs: 10_000 };
    const atAlice = await alice.user.createConversation("garden", { config });
    const atBob = await bob.user.join({ name: "garden" }, { config }).conversation;
    await advance(scene, 1_000);
    const copy = copyOf(bob);
    await until(scene, () => atBob.state.members.length === 2);
    await atBob.send("one");
    await advance(scene, 5_000);
    expect(textsOf(alice)).toEqual(["one"]);
    const { garden, transport, events } = await restore(bob, copy);
    expect(garden.state.phase).toBe("pending-join");
    await until(scene, () => garden.state.phase === "working");
    const sending = garden.send("two");
    expect(garden.state).toMatchObject({ catchingUp: true, queuedMessages: 0 });
    await settle(scene);
    expect(garden.state).toMatchObject({ catchingUp: true, queuedMessages: 1 });
    await advance(scene, 5_000);
    await sending;
    expect(textsOf({ events })).toEqual(["one"]);
    expect(textsOf(alice)).toEqual(["one", "two"]);
    expect(garden.state.epochAuthenticator).toBe(atAlice.state.epochAuthenticator);
    expect(reusedIn(bob.transport, transport)).toEqual([]);
  });

  test("does not repeat the member's own messages to it after each start", async () => {
    const [atAlice] = await gather(scene, "garden", alice, bob);
    await atAlice.send("known");
    await advance(scene, 5_000);
    const first = await restore(alice, copyOf(alice));
    await advance(scene, 600_000);
    expect(textsOf(first)).toEqual([]);
    expect(reusedIn(alice.transport, first.transport)).toEqual([]);
  });
});
