import { beforeEach, describe, expect, test } from "vitest";
import { LIMITS } from "../../src/model/limits.js";
import type { LoggedPacket } from "../../src/model/repair.js";
import {
  alter,
  ban,
  broadcast,
  fork,
  gather,
  rolesOf,
  runFor,
  runUntil,
  send,
  vote,
  type Member,
  type World,
} from "../harness/index.js";
import { answersIn, overhear, repairPacket, reportOf, requestsIn, type Overheard } from "./material.js";
import { candidateSlot } from "../../src/model/packet-slots.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"], { mode: "strict", fakes: true });
await runFor(settled.world, 60_000);

/** Most times that answers may have the length of the requests. */
const AMPLIFICATION = 20;

let world: World;
let steward: Member, writer: Member, hostile: Member;
let present: readonly Member[];
let overheard: Overheard[];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [steward, writer, , hostile] = rolesOf(world);
  present = world.members.filter((member) => member !== hostile);
});

/** The others remove a member, which keeps its keys, after `count` messages of `bytes` and as many commits. */
async function expel(count: number, bytes: number): Promise<Member> {
  const { epoch } = hostile.state.group;
  for (let index = 0; index < count; index++) await send(world, writer, new Uint8Array(bytes), index + 1);
  const proposalId = await ban(world, steward, hostile);
  await runFor(world, 1_000);
  const voters = present.filter((member) => member !== steward);
  for (const member of voters) await vote(world, member, proposalId, true);
  const former = { ...hostile, online: false, state: hostile.state };
  await runUntil(world, () => {
    if (hostile.state.phase !== "ended") former.state = hostile.state;
    return present.every(({ state }) => !state.group.members.includes(hostile.id));
  });
  await runFor(world, 5_000);
  const commits = Array.from({ length: count }, (_, index): LoggedPacket => ({
    ...{ epoch, slot: candidateSlot(new Uint8Array(32).fill(index)), atMs: 0 },
    payload: new Uint8Array(Math.min(bytes, 1_024)).fill(index),
  }));
  for (const member of present) alter(member, "repair", { log: [...member.state.repair.log, ...commits] });
  overheard = overhear(world);
  return former;
}

/** Asks for everything of its epoch, again and again, with requests that no session would send so fast. */
async function askForAll(from: Member, everyMs: number, forMs: number): Promise<void> {
  const { next } = reportOf(world, from);
  for (const endMs = world.nowMs + forMs; world.nowMs < endMs;) {
    const request = reportOf(world, from, { next: next.map(() => 0), asks: true });
    broadcast(world, from, await repairPacket(world, from, request));
    await runFor(world, everyMs);
  }
}

const bytesOf = (packets: readonly Overheard[]): number => packets.reduce((sum, { bytes }) => sum + bytes, 0);

/** Bytes of all members' answers for each byte of the requests of one. */
function amplification({ name }: Member): number {
  const asked = bytesOf(requestsIn(overheard).filter(({ from }) => from === name));
  return bytesOf(answersIn(overheard)) / asked;
}

describe("Answers to a former member", () => {
  test.each([
    ["twice a minute", 30_000],
    ["every two seconds", 2_100],
    ["every half second", 500],
  ])(
    "that asks %s have at most 20 times the length of its requests in ten minutes",
    async (_often, everyMs) => {
      const former = await expel(40, 32_768);
      await askForAll(former, everyMs, 600_000);
      expect(amplification(former)).toBeLessThanOrEqual(AMPLIFICATION);
      expect(amplification(former)).toBeGreaterThan(0);
      expect(bytesOf(answersIn(overheard))).toBeLessThanOrEqual(LIMITS.formerAnswerBytes + 4_096);
    },
  );

  test("have at most 20 times the length of a single request", async () => {
    const former = await expel(40, 32_768);
    await askForAll(former, 10_000, 10_000);
    expect(amplification(former)).toBeLessThanOrEqual(AMPLIFICATION);
  });

  test("are none once others have had what all former members together get, for ten minutes", async () => {
    const former = await expel(3, 100);
    const other = { requester: "aa", isFormer: true, sinceMs: world.nowMs, asked: 1_000_000, answers: 1 };
    for (const member of present)
      alter(member, "repair", { quotas: [{ ...other, bytes: LIMITS.formerAnswerBytes }] });
    await askForAll(former, 10_000, 590_000);
    expect(answersIn(overheard)).toEqual([]);
    await askForAll(former, 10_000, 30_000);
    expect(answersIn(overheard).length).toBeGreaterThan(0);
  });

  test("bring the commit that has removed it, and the choices of it", async () => {
    const former = await expel(3, 100);
    await askForAll(former, 500, 10_000);
    const served = answersIn(overheard).flatMap(({ message }) => message.packets);
    const choices = answersIn(overheard).flatMap(({ message }) => message.choices);
    expect(served.length).toBeGreaterThan(0);
    expect(choices.length).toBeGreaterThan(0);
  });
});

describe("Answers to all members together", () => {
  test("have a bounded number of bytes in a minute, as those of one member", async () => {
    const large = new Uint8Array(LIMITS.messageBytes - 1_024);
    for (let index = 0; index < 6; index++) await send(world, writer, large, index + 1);
    await runFor(world, 5_000);
    overheard = overhear(world);
    const askers = world.members.filter((member) => member !== writer);
    // The others hear no answers, so none is suppressed.
    world.arrives = ({ from, to }) => askers.includes(from) && to === writer;
    const startMs = world.nowMs - (world.nowMs % 60_000) + 60_000;
    await runFor(world, startMs - world.nowMs);
    for (let turn = 0; turn < 10; turn++) {
      for (const asker of askers) {
        const { next } = reportOf(world, asker);
        const request = reportOf(world, asker, { next: next.map(() => 0), asks: true });
        broadcast(world, asker, await repairPacket(world, asker, request));
      }
      await runFor(world, 2_500);
    }
    const bytes = bytesOf(answersIn(overheard).filter(({ from }) => from === writer.name));
    expect(bytes).toBeGreaterThan(LIMITS.repairBytesPerMinute);
    expect(bytes).toBeLessThanOrEqual(LIMITS.repairBytesOfAllPerMinute + LIMITS.servedBytes + 8_192);
  });
});
