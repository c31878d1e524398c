import { createMemoryStorage } from "@demls/storage-memory";
import { beforeEach, describe, expect, test } from "vitest";
import { outboxOf } from "../../src/messages/outbox.js";
import { LIMITS } from "../../src/step/index.js";
import { createStateRecords } from "../../src/storage/state-records.js";
import {
  additionOf,
  command,
  epochOf,
  eventsOf,
  fork,
  gather,
  rolesOf,
  runFor,
  runUntil,
  send,
  snapshotAt,
  stranger,
  take,
  textsOf,
  type Member,
  type World,
} from "../harness/index.js";
import { alter, type TestState } from "../harness/state.js";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const settled = await gather(["alice", "bob", "carol", "dave", "erin"], { mode: "strict", fakes: true });
await runFor(settled.world, MINUTE_MS);

let world: World;
let steward: Member, writer: Member, others: readonly Member[];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [steward, , writer] = rolesOf(world);
  others = world.members.filter((member) => member !== writer);
});

/** Ways in which a member is cut off. */
const CUTS = {
  /** Its transport says that nobody is there. */
  noticed: () => {
    writer.online = false;
    world.arrives = ({ to }) => to !== writer;
  },
  /** Its transport notices nothing. */
  silent: () => (world.arrives = ({ from, to }) => from !== writer && to !== writer),
  /** It hears the others, and they do not hear it. */
  publishing: () => (world.arrives = ({ from }) => from !== writer),
} satisfies Record<string, () => void>;

async function reconnect(): Promise<void> {
  world.arrives = () => true;
  writer.online = true;
  await take(world, writer, { kind: "tick" });
}

/** The others approve a change and commit it. */
async function commit(number: number): Promise<void> {
  const request = await additionOf(world, stranger(number), `${number}`);
  const epoch = epochOf(steward);
  for (const member of others) {
    alter(member, "changes", { approved: [{ proposalId: number, request, proposer: steward.id }] });
    await take(world, member, { kind: "tick" });
  }
  await runUntil(world, () => others.every((member) => epochOf(member) > epoch));
}

/** Stores a member and starts it again. */
async function restart(member: Member): Promise<void> {
  const storage = createMemoryStorage();
  const records = createStateRecords("garden", member.mls);
  await storage.write(records.changes(member.state));
  const stored = createStateRecords("garden", member.mls).restore(
    await storage.scan("garden"),
    records.fields,
  );
  member.state = { ...stored, group: member.state.group } as TestState;
  await take(world, member, { kind: "resumed" });
}

/** Rejects all packets of the writer until they are given up. */
async function reject(): Promise<void> {
  for (let entry = outboxOf(writer.state)[0]; entry !== undefined; entry = outboxOf(writer.state)[0])
    await take(world, writer, { kind: "publishFailed", sequence: entry.sequence });
}

function expectRead(...texts: readonly string[]): void {
  for (const member of others) {
    expect(textsOf(member)).toEqual(texts);
    expect(eventsOf(member, "missed")).toEqual([]);
  }
  expect(eventsOf(writer, "notDelivered")).toEqual([]);
}

describe.each(Object.keys(CUTS) as (keyof typeof CUTS)[])(
  "A message of a member whose outage is %s",
  (cut) => {
    describe.each([90_000, 15 * MINUTE_MS])("for %i ms", (lastsMs) => {
      test.each([0, 1, 2])("is read by all after %i commits of the others, once", async (commits) => {
        await send(world, writer, "before");
        await runFor(world, 1_000);
        const startMs = world.nowMs;
        CUTS[cut]();
        await runFor(world, 1_000);
        await send(world, writer, "late");
        for (let number = 1; number <= commits; number++) await commit(number);
        await runFor(world, Math.max(0, startMs + lastsMs - world.nowMs));
        await reconnect();
        await runFor(world, 10 * MINUTE_MS);
        expectRead("before", "late");
      });
    });
  },
);

describe("A message that the transport rejects six times", () => {
  test("is encrypted again with growing pauses, and read once the transport accepts it", async () => {
    writer.online = false;
    await send(world, writer, "late");
    const sealed: number[] = [];
    for (let trial = 0; trial < 4; trial++) {
      await reject();
      const startMs = world.nowMs;
      await runUntil(world, () => outboxOf(writer.state).length > 0);
      sealed.push(world.nowMs - startMs);
    }
    expect(sealed).toEqual([30_000, 60_000, 120_000, 300_000]);
    await reconnect();
    await runFor(world, MINUTE_MS);
    expectRead("late");
    expect(eventsOf(writer, "error")).toHaveLength(4);
  });

  test("tries the transport alone; those that were rejected with it follow", async () => {
    writer.online = false;
    for (const text of ["one", "two", "three"]) await send(world, writer, text);
    await reject();
    await runUntil(world, () => outboxOf(writer.state).length > 0);
    expect(outboxOf(writer.state)).toHaveLength(1);
    await reconnect();
    await runFor(world, MINUTE_MS);
    expectRead("one", "two", "three");
  });
});

describe("A message that no other member has", () => {
  test("stays with its writer over a restart, and over commits that it hears", async () => {
    CUTS.publishing();
    await send(world, writer, "late");
    await commit(1);
    await restart(writer);
    await commit(2);
    await runFor(world, 30 * MINUTE_MS);
    expect(snapshotAt(writer).sentMessages).toMatchObject([{ deliveredTo: [] }]);
    await reconnect();
    await runFor(world, 10 * MINUTE_MS);
    expectRead("late");
  });

  test("is given up after seven days, and told so once", async () => {
    CUTS.noticed();
    // The others take no part, and would only cost time.
    for (const member of others) member.wakeAtMs = undefined;
    await send(world, writer, "late");
    const id = snapshotAt(writer).sentMessages[0]?.id;
    await runFor(world, 7 * DAY_MS - MINUTE_MS);
    expect(eventsOf(writer, "notDelivered")).toEqual([]);
    await runFor(world, 2 * MINUTE_MS);
    expect(eventsOf(writer, "notDelivered")).toEqual([{ kind: "notDelivered", id }]);
    await reconnect();
    await runFor(world, 10 * MINUTE_MS);
    for (const member of others) expect(textsOf(member)).toEqual([]);
    expect(eventsOf(writer, "notDelivered")).toHaveLength(1);
  });

  test("is given up as the oldest of too many", async () => {
    writer.online = false;
    await send(world, writer, "first");
    const id = snapshotAt(writer).sentMessages[0]?.id;
    for (let number = 0; number < LIMITS.sentMessages; number++) await send(world, writer, `${number}`);
    expect(eventsOf(writer, "notDelivered")).toEqual([{ kind: "notDelivered", id }]);
    expect(snapshotAt(writer).sentMessages).toHaveLength(LIMITS.sentMessages);
  });

  test("is given up when no other member is left", async () => {
    const { world: pair } = await gather(["alice", "bob"], { mode: "strict", fakes: true });
    const [alice, bob] = pair.members as [Member, Member];
    await runFor(pair, MINUTE_MS);
    await command(pair, bob, { kind: "leave" });
    await send(pair, alice, "farewell");
    pair.arrives = ({ to, packet }) => to === alice || packet.subtopic === "welcome";
    await runUntil(pair, () => alice.state.group?.members.length === 1);
    expect(eventsOf(alice, "notDelivered")).toHaveLength(1);
  });
});

describe("Reports of other members", () => {
  test("tell which of them have a message, each once", async () => {
    await send(world, writer, "hello");
    await runFor(world, 60 * MINUTE_MS);
    const [message] = snapshotAt(writer).sentMessages;
    const told = eventsOf(writer, "delivered");
    expect(told.length).toBeGreaterThan(0);
    expect(told).toEqual(
      told.map(({ member }, index) => ({
        kind: "delivered",
        member,
        messages: [{ id: message?.id, count: index + 1 }],
      })),
    );
    expect(new Set(told.map(({ member }) => member)).size).toBe(told.length);
    expect(message?.deliveredTo).toEqual(told.map(({ member }) => member));
  });

  test("tell nothing of a message that was not published yet", async () => {
    CUTS.noticed();
    await send(world, writer, "late");
    world.arrives = () => true;
    await runFor(world, 30 * MINUTE_MS);
    expect(eventsOf(writer, "delivered")).toEqual([]);
  });

  test("let a message go with the next commit", async () => {
    await send(world, writer, "hello");
    await runFor(world, 10 * MINUTE_MS);
    await command(world, steward, { kind: "renewKeys" });
    await runUntil(world, () => epochOf(writer) > 1n);
    expect(snapshotAt(writer).sentMessages).toEqual([]);
    expect(eventsOf(writer, "notDelivered")).toEqual([]);
  });
});
