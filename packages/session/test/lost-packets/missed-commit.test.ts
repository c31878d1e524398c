import {
  ban,
  eventsOf,
  gather,
  join,
  receive,
  rolesOf,
  runFor,
  runUntil,
  send,
  take,
  textsOf,
  vanish,
  type Member,
  type World,
} from "../harness/index.js";
import type { Packet } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";

let world: World;
let steward: Member, writer: Member, sleeper: Member, target: Member;

beforeEach(async () => {
  ({ world } = await gather(["alice", "bob", "carol", "dave"], { mode: "strict", fakes: true }));
  await runFor(world, 60_000);
  [steward, writer, sleeper, target] = rolesOf(world);
});

const epochOf = ({ state }: Member): bigint | undefined => state.group?.epoch;
const authenticator = ({ state }: Member): string | undefined => state.group?.epochAuthenticator.join();

/** Cuts a member off with its timers standing still, as a sleeping machine. */
function fallAsleep(member: Member): void {
  vanish(world, [member]);
  member.wakeAtMs = undefined;
}

async function wakeUp(member: Member): Promise<void> {
  world.arrives = () => true;
  await take(world, member, { kind: "resumed" });
}

describe("a member that slept through a commit", () => {
  test("catches up, and reads what was written meanwhile", async () => {
    const before = epochOf(sleeper) ?? 0n;
    fallAsleep(sleeper);
    await send(world, writer, "before the commit");
    await ban(world, steward, target);
    await runUntil(world, () => epochOf(steward) === before + 1n && epochOf(writer) === before + 1n);
    await send(world, writer, "after the commit");
    await runFor(world, 240_000);
    await wakeUp(sleeper);
    await runFor(world, 120_000);
    expect(epochOf(sleeper)).toBe(epochOf(writer));
    expect(authenticator(sleeper)).toBe(authenticator(writer));
    const texts = eventsOf(sleeper, "message").map(({ text }) => text);
    expect(texts).toEqual(["before the commit", "after the commit"]);
    expect(eventsOf(sleeper, "caughtUp")).toMatchObject([{ from: before, epoch: epochOf(writer) }]);
  });

  test("catches up over three commits", async () => {
    const before = epochOf(sleeper);
    fallAsleep(sleeper);
    await ban(world, steward, target);
    await runFor(world, 200_000);
    await join(world, "erin");
    await runFor(world, 200_000);
    await ban(world, writer, world.members.at(-1) as Member);
    await runFor(world, 900_000);
    await send(world, writer, "hello");
    const reached = epochOf(writer) ?? 0n;
    expect(reached).toBeGreaterThanOrEqual((epochOf(sleeper) ?? 0n) + 3n);
    await wakeUp(sleeper);
    await runFor(world, 300_000);
    expect(epochOf(sleeper)).toBe(epochOf(writer));
    expect(authenticator(sleeper)).toBe(authenticator(writer));
    expect(eventsOf(sleeper, "message").map(({ text }) => text)).toEqual(["hello"]);
    expect(eventsOf(sleeper, "caughtUp")).toMatchObject([{ from: before, epoch: reached }]);
  });

  test("learns that it was removed", async () => {
    fallAsleep(target);
    await ban(world, steward, target);
    await runFor(world, 300_000);
    await wakeUp(target);
    await runFor(world, 120_000);
    expect(eventsOf(target, "leaving")).toEqual([{ kind: "leaving", reason: "removed" }]);
  });
});

describe("A member that was cut off, to which the transport first sends the commits of two epochs,", () => {
  let before: bigint;
  /** Packets from the first proposal on. */
  let later: Packet[];

  beforeEach(async () => {
    before = epochOf(sleeper) ?? 0n;
    later = [];
    vanish(world, [sleeper]);
    for (const text of ["one", "two", "three"]) await send(world, writer, text);
    world.reads = (packet) => void later.push(packet);
    const erin = await join(world, "erin");
    await runUntil(world, () => epochOf(writer) === before + 1n);
    await send(world, writer, "four");
    await ban(world, writer, erin);
    await runUntil(world, () => epochOf(writer) === before + 2n);
    world.reads = () => undefined;
  });

  test("receives what was written before them", async () => {
    world.arrives = () => true;
    for (const packet of later) await receive(world, sleeper, packet);
    await runFor(world, 60_000);
    expect(authenticator(sleeper)).toBe(authenticator(writer));
    expect(textsOf(sleeper).toSorted()).toEqual(["four", "one", "three", "two"]);
    expect(eventsOf(sleeper, "missed")).toEqual([]);
  });

  test("merges the second one without an answer after 15 seconds", async () => {
    for (const packet of later) await receive(world, sleeper, packet);
    await runFor(world, 14_000);
    expect(epochOf(sleeper)).toBe(before + 1n);
    await runFor(world, 2_000);
    expect(authenticator(sleeper)).toBe(authenticator(writer));
  });
});

describe("Of four members, two that slept while the other two let somebody in", () => {
  test("follow them, though silence approved the addition", async () => {
    const before = epochOf(writer) ?? 0n;
    const sleepers = [sleeper, target];
    vanish(world, sleepers);
    for (const member of sleepers) member.wakeAtMs = undefined;
    await join(world, "erin");
    await runFor(world, 1_200_000);
    expect([steward, writer].map(epochOf)).toEqual([before + 1n, before + 1n]);
    for (const member of sleepers) await wakeUp(member);
    await runFor(world, 300_000);
    expect(sleepers.map(authenticator)).toEqual([authenticator(steward), authenticator(writer)]);
    // The choice of the first makes a majority, which the second needs no rule for.
    const provisional = sleepers.flatMap((member) => eventsOf(member, "provisional"));
    expect(provisional).toMatchObject([{ epoch: before + 1n, chosenBy: 2, members: 4 }]);
  });
});
