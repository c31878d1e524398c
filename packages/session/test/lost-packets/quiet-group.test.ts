import { REPAIR_SUBTOPIC } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { fork, gather, packetOf, receive, runFor, send, type Member } from "../harness/index.js";
import { gatherAtOnce } from "./large-group.js";
import { overhear, repairPacket } from "./material.js";

const HOUR_MS = 3_600_000;

/** Longest interval of reports. */
const INTERVAL_MS = 256_000;

describe.each([
  { size: 5, bytesOfReport: 200 },
  { size: 50, bytesOfReport: 300 },
])("A quiet hour of a group of $size", async ({ size, bytesOfReport }) => {
  const settled = await gatherAtOnce(size);
  await runFor(settled, 900_000);

  test("has about two reports in each of the longest intervals, and no request", async () => {
    const { world } = await fork(settled);
    const overheard = overhear(world);
    await runFor(world, HOUR_MS);
    const bytes = overheard.reduce((sum, each) => sum + each.bytes, 0);
    console.info(`${size} members, a quiet hour: ${overheard.length} packets, ${bytes} bytes`);
    expect(world.members.every(({ state }) => state.repair.trickle?.intervalMs === INTERVAL_MS)).toBe(true);
    // Two in an interval; the members' intervals begin at different times, so that a third can fall into one.
    expect(overheard.length).toBeLessThanOrEqual((3 * HOUR_MS) / INTERVAL_MS);
    expect(overheard.length).toBeGreaterThanOrEqual(Math.floor(HOUR_MS / INTERVAL_MS));
    expect(bytes).toBeLessThanOrEqual(overheard.length * bytesOfReport);
    expect(overheard.every(({ message }) => message.kind === "progress" && !message.asks)).toBe(true);
  });
});

describe("A conversation of one", () => {
  test("sends no report and requests nothing", async () => {
    const { world } = await gather(["alice"], { mode: "strict", fakes: true });
    const overheard = overhear(world);
    const [alice] = world.members as [Member];
    await send(world, alice, "hello");
    await runFor(world, HOUR_MS);
    expect(overheard).toEqual([]);
    expect(alice.state.repair).toMatchObject({ trickle: undefined, requests: [] });
  });

  test("requests nothing because of a stranger's packet", async () => {
    const { world } = await gather(["alice"], { mode: "strict", fakes: true });
    const { world: elsewhere, members } = await gather(["alice", "bob"], { mode: "strict", fakes: true });
    const overheard = overhear(world);
    const [alice] = world.members as [Member];
    const stranger = await repairPacket(elsewhere, members[1] as Member, { kind: "empty" });
    expect(await receive(world, alice, stranger)).toEqual({ kind: "ignored", reason: "unknown-repair-key" });
    await runFor(world, HOUR_MS);
    expect(overheard).toEqual([]);
  });
});

describe("A conversation in the mode de-mls-3", () => {
  test("sends no repair packet, and keeps no packets", async () => {
    const { world } = await gather(["alice", "bob"], { fakes: true });
    const subtopics = new Set<string>();
    world.reads = ({ subtopic }) => void subtopics.add(subtopic);
    const [alice, bob] = world.members as [Member, Member];
    world.arrives = ({ to }) => to !== bob;
    await send(world, alice, "one");
    await runFor(world, 0);
    world.arrives = () => true;
    await send(world, alice, "two");
    await runFor(world, HOUR_MS);
    expect(subtopics.has(REPAIR_SUBTOPIC)).toBe(false);
    for (const { state } of [alice, bob])
      expect(state.repair).toMatchObject({ epochs: [], log: [], requests: [], trickle: undefined });
  });

  test("ignores a repair packet, which is of a strict group of its name", async () => {
    const { world } = await gather(["alice", "bob"], { fakes: true });
    const [alice, bob] = world.members as [Member, Member];
    const before = alice.state;
    const packet = packetOf(bob, Uint8Array.of(1, 2, 3), REPAIR_SUBTOPIC);
    expect(await receive(world, alice, packet)).toEqual({ kind: "ignored", reason: "other-group" });
    expect(alice.state).toBe(before);
  });
});
