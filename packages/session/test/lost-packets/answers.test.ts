import { beforeEach, describe, expect, test } from "vitest";
import { LIMITS } from "../../src/model/limits.js";
import {
  alter,
  broadcast,
  eventsOf,
  fork,
  gather,
  rolesOf,
  runFor,
  send,
  textsOf,
  type Member,
  type World,
} from "../harness/index.js";
import { bytesToHex } from "@demls/wire/core";
import {
  answersIn,
  isAppMessage,
  overhear,
  repairPacket,
  reportOf,
  requestsIn,
  type Overheard,
} from "./material.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"], { mode: "strict", fakes: true });
await runFor(settled.world, 60_000);

let world: World;
let writer: Member, reader: Member, hostile: Member, witness: Member, other: Member;
let overheard: Overheard[];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [witness, writer, reader, hostile, other] = rolesOf(world);
  overheard = overhear(world);
});

/** Sends messages that a member loses. */
async function loseTexts(texts: readonly (string | Uint8Array)[], to = reader): Promise<void> {
  const arrives = world.arrives;
  world.arrives = (letter) => letter.to !== to || !isAppMessage(letter);
  for (const [i, text] of texts.entries()) await send(world, writer, text, i + 1);
  await runFor(world, 0);
  world.arrives = arrives;
}

/** Requests of `from` that ask for everything, as a hostile member could send any number. */
async function askForAll(from: Member, count: number, everyMs = 0): Promise<void> {
  const { next } = reportOf(world, from);
  for (let i = 0; i < count; i++) {
    const request = reportOf(world, from, { next: next.map(() => 0), missing: [], asks: true });
    broadcast(world, from, await repairPacket(world, from, request));
    await runFor(world, everyMs);
  }
}

const answersOf = (member: Member) => answersIn(overheard).filter(({ from }) => from === member.name);

describe("A request that several members can answer", () => {
  test("is answered by one of them", async () => {
    await loseTexts(["one", "two"]);
    await send(world, writer, "three");
    await runFor(world, 60_000);
    expect(textsOf(reader).toSorted()).toEqual(["one", "three", "two"]);
    expect(answersIn(overheard)).toHaveLength(1);
  });

  test("is answered in full although a hostile member answers first without a packet", async () => {
    await loseTexts(["one"]);
    const request = reportOf(world, reader, { asks: true });
    const empty = {
      kind: "served",
      nonce: request.nonce,
      packets: [],
      more: false,
      epoch: 0n,
      choices: [],
      voids: [],
    } as const;
    broadcast(world, reader, await repairPacket(world, reader, request));
    await runFor(world, 0);
    broadcast(world, hostile, await repairPacket(world, hostile, empty));
    await runFor(world, 2_100);
    const honest = answersIn(overheard).filter(({ from }) => from !== hostile.name);
    expect(honest.some(({ message }) => message.packets.length > 0)).toBe(true);
  });

  test("is left to the others by a member that has nothing to add", async () => {
    const request = reportOf(world, reader, { asks: true });
    const empty = {
      kind: "served",
      nonce: request.nonce,
      packets: [],
      more: false,
      epoch: 0n,
      choices: [],
      voids: [],
    } as const;
    broadcast(world, reader, await repairPacket(world, reader, request));
    await runFor(world, 0);
    broadcast(world, hostile, await repairPacket(world, hostile, empty));
    await runFor(world, 2_100);
    const others = answersIn(overheard).filter(({ from }) => from !== hostile.name);
    expect(others).toEqual([]);
  });

  test("is answered by a second member with the packets that the first one lacks, and only those", async () => {
    await loseTexts(["one", "two", "three"]);
    for (const [i, member] of [witness, hostile].entries()) {
      const { log } = member.state.repair;
      alter(member, "repair", { log: log.filter((entry) => entry !== log.at(i - 3)) });
    }
    const servers = [witness, hostile];
    world.arrives = ({ from, to }) =>
      [reader, ...servers].includes(from) && [reader, ...servers].includes(to);
    const request = reportOf(world, reader, { asks: true });
    broadcast(world, reader, await repairPacket(world, reader, request));
    await runFor(world, 2_000);
    const served = answersIn(overheard)
      .filter(({ message }) => bytesToHex(message.nonce) === bytesToHex(request.nonce))
      .map(({ message }) => message.packets.map(bytesToHex));
    expect(served.map((packets) => packets.length)).toEqual([2, 1]);
    expect(new Set(served.flat()).size).toBe(3);
  });
});

describe("An answer that exceeds one packet", () => {
  test("continues until the member has everything, when the packets are too many bytes", async () => {
    const large = new Uint8Array(LIMITS.servedBytes / 4);
    await loseTexts([large, large, large, large, large, large]);
    await runFor(world, 120_000);
    expect(eventsOf(reader, "message")).toHaveLength(6);
    const [first] = answersIn(overheard);
    expect(first?.message.more).toBe(true);
    expect(first?.message.packets).toHaveLength(3);
    for (const { bytes } of answersIn(overheard)) expect(bytes).toBeLessThan(LIMITS.servedBytes + 4_096);
  });

  test("continues when the packets are too many", async () => {
    const texts = Array.from({ length: LIMITS.servedPackets + 10 }, (_, i) => String(i));
    await loseTexts(texts);
    await runFor(world, 120_000);
    expect(textsOf(reader).toSorted()).toEqual(texts.toSorted());
    expect(answersIn(overheard).map(({ message }) => message.packets.length)).toContain(LIMITS.servedPackets);
    expect(eventsOf(reader, "missed")).toEqual([]);
  });

  test("is continued by the same member, soon after the first part, if no other answers", async () => {
    const texts = Array.from({ length: LIMITS.servedPackets + 10 }, (_, i) => String(i));
    world.arrives = ({ from, to }) => [reader, writer].includes(from) && [reader, writer].includes(to);
    await loseTexts(texts);
    await runFor(world, 120_000);
    expect(textsOf(reader)).toHaveLength(texts.length);
    const [first, second] = requestsIn(overheard).filter(({ from }) => from === reader.name);
    expect((second?.atMs ?? Infinity) - (first?.atMs ?? 0)).toBeLessThan(3_000);
  });
});

describe("A flood of requests by one member", () => {
  test("is answered a bounded number of times in a minute by each member", async () => {
    await loseTexts(["one"], hostile);
    overheard.length = 0;
    await askForAll(hostile, 200, 250);
    for (const member of [reader, witness, writer, other])
      expect(answersOf(member).length).toBeLessThanOrEqual(LIMITS.repairAnswersPerMinute);
    expect(answersIn(overheard).length).toBeGreaterThan(0);
    expect(reader.outcomes).toContainEqual({ kind: "ignored", reason: "too-many-requests" });
  });

  test("is answered with a bounded number of bytes in a minute by each member", async () => {
    const large = new Uint8Array(LIMITS.servedBytes / 2);
    await loseTexts([large, large, large], hostile);
    overheard.length = 0;
    // The other members do not hear each other's answers, so none is suppressed.
    world.arrives = ({ from }) => from === hostile;
    await askForAll(hostile, 20, 2_500);
    for (const member of [reader, witness, writer, other]) {
      const bytes = answersOf(member).reduce((sum, each) => sum + each.bytes, 0);
      expect(bytes).toBeGreaterThan(0);
      expect(bytes).toBeLessThanOrEqual(LIMITS.repairBytesPerMinute + LIMITS.servedBytes + 8_192);
    }
  });

  test("does not keep the others from being answered", async () => {
    await askForAll(hostile, 100);
    await loseTexts(["one"]);
    await send(world, writer, "two");
    await runFor(world, 10_000);
    expect(textsOf(reader)).toEqual(["two", "one"]);
  });

  test("is answered again a minute later", async () => {
    await askForAll(hostile, 40, 2_100);
    overheard.length = 0;
    await runFor(world, 61_000);
    await askForAll(hostile, 1, 2_100);
    expect(answersIn(overheard).length).toBeGreaterThan(0);
  });

  test("leaves no more answers waiting than the bound, and one for each member and epoch", async () => {
    await askForAll(hostile, 25);
    expect(reader.state.repair.answers).toHaveLength(1);
  });
});
