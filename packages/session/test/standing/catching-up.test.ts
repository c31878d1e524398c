import { beforeEach, describe, expect, test } from "vitest";
import {
  approveBan,
  ban,
  broadcast,
  eventsOf,
  fork,
  gather,
  rolesOf,
  runFor,
  runUntil,
  send,
  take,
  textsOf,
  vanish,
  vote,
  type Member,
  type World,
} from "../harness/index.js";
import {
  isAppMessage,
  overhear,
  repairPacket,
  requestsIn,
  type Overheard,
} from "../lost-packets/material.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"], { mode: "strict", fakes: true });
await runFor(settled.world, 60_000);

const PATIENCE_MS = 15_000;
const AWAY_MS = 300_000;

let world: World;
let steward: Member, backup: Member, reader: Member, target: Member;
let overheard: Overheard[];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [steward, backup, reader, target] = rolesOf(world);
  overheard = overhear(world);
});

const resume = (member: Member) => take(world, member, { kind: "resumed" });

const votesOf = (member: Member): number =>
  eventsOf(member, "voteCast").filter(({ voter }) => voter === member.id).length;

/** Cuts a member off; its timers run on. */
function isolate(member: Member): void {
  vanish(world, [member]);
}

const sends = (member: Member) => {
  let sent = 0;
  const { reads } = world;
  world.reads = (packet) => {
    reads(packet);
    if (packet.appId === member.appId && packet.subtopic === "app_msg") sent += 1;
  };
  return () => sent;
};

describe("A member that resumes", () => {
  test("sends a request at once, and only that", async () => {
    await resume(reader);
    await runFor(world, 0);
    expect(requestsIn(overheard).map(({ from }) => from)).toEqual([reader.name]);
    expect(overheard).toHaveLength(1);
  });

  test("is done as soon as another member answers", async () => {
    await resume(reader);
    expect(reader.state.repair.catchUp).toBeDefined();
    await runFor(world, 2_500);
    expect(reader.state.repair.catchUp).toBeUndefined();
  });

  test("repeats its request every five seconds, and gives up waiting after 15 seconds without an answer", async () => {
    isolate(reader);
    await resume(reader);
    await runFor(world, PATIENCE_MS - 1);
    expect(reader.state.repair.catchUp).toBeDefined();
    const startMs = world.nowMs - (PATIENCE_MS - 1);
    const requestedMs = requestsIn(overheard).map(({ atMs }) => atMs - startMs);
    expect(requestedMs.slice(0, 3)).toEqual([0, 5_000, 10_000]);
    await runFor(world, 1);
    expect(reader.state.repair.catchUp).toBeUndefined();
  });

  test("casts no default vote until it gave up waiting", async () => {
    await ban(world, steward, target);
    await runFor(world, 5_000);
    isolate(reader);
    await resume(reader);
    await runFor(world, PATIENCE_MS - 1);
    expect(votesOf(reader)).toBe(0);
    await runFor(world, 10);
    expect(votesOf(reader)).toBe(1);
  });

  test("casts no default vote on a proposal that the others have decided meanwhile", async () => {
    const id = await ban(world, steward, target);
    await runFor(world, 1_000);
    vanish(world, [reader]);
    reader.wakeAtMs = undefined;
    for (const member of world.members.filter(
      (each) => each !== reader && each !== steward && each !== target,
    ))
      await vote(world, member, id, true);
    await runFor(world, 40_000);
    world.arrives = () => true;
    await resume(reader);
    await runFor(world, 20_000);
    expect(votesOf(reader)).toBe(0);
    const result = (member: Member) => eventsOf(member, "proposalDecided").at(-1)?.result;
    expect(result(reader)).toBe(result(steward));
  });

  test("casts a vote by hand once it is done", async () => {
    const id = await ban(world, steward, target);
    await runFor(world, 1_000);
    await resume(reader);
    await vote(world, reader, id, true);
    expect(votesOf(reader)).toBe(0);
    await runFor(world, 2_500);
    expect(votesOf(reader)).toBe(1);
  });

  test("sends no candidate for five inactivity timeouts where no member answers", async () => {
    await approveBan(world, steward, target);
    await runFor(world, 30_000);
    isolate(steward);
    const sent = sends(steward);
    steward.wakeAtMs = undefined;
    world.nowMs += 40_000;
    await resume(steward);
    await runFor(world, AWAY_MS - 1);
    expect(sent()).toBe(0);
    expect(steward.state.phase).toBe("working");
    await runFor(world, 10);
    expect(steward.state.phase).toBe("selection");
    expect(sent()).toBe(1);
  });

  test("chooses no commit for five inactivity timeouts where no member answers", async () => {
    await approveBan(world, steward, target);
    await runFor(world, 59_000);
    world.arrives = (letter) => letter.to !== reader || (letter.from === steward && isAppMessage(letter));
    await resume(reader);
    await runUntil(world, () => reader.state.commit.candidates.size > 0);
    isolate(reader);
    await runFor(world, AWAY_MS - 2_000);
    const choices = () =>
      overheard.filter(({ from, message }) => from === reader.name && message.kind === "choice").length;
    expect(choices()).toBe(0);
    await runFor(world, 2_000);
    expect(choices()).toBeGreaterThan(0);
  });

  test("sends chat that was written meanwhile once it is done", async () => {
    await resume(reader);
    const { effects } = await send(world, reader, "hello");
    expect(effects.some(({ kind }) => kind === "sealed")).toBe(false);
    expect(textsOf(steward)).toEqual([]);
    await runFor(world, 2_500);
    expect(textsOf(steward)).toEqual(["hello"]);
  });

  test("is not delayed by an empty answer of a hostile member: it still takes the others' packets", async () => {
    vanish(world, [reader]);
    await send(world, steward, "one");
    await runFor(world, 0);
    world.arrives = ({ from }) => from !== target;
    await resume(reader);
    const [request] = requestsIn(overheard).filter(({ from }) => from === reader.name);
    const nonce = request?.message.nonce ?? new Uint8Array(0);
    const empty = {
      kind: "served",
      nonce,
      packets: [],
      more: false,
      epoch: 0n,
      choices: [],
      voids: [],
    } as const;
    world.arrives = () => true;
    broadcast(world, target, await repairPacket(world, target, empty));
    await runFor(world, 3_000);
    expect(textsOf(reader)).toEqual(["one"]);
  });
});

describe("A member that missed a commit", () => {
  test("follows it and reads the messages of the new epoch, although it noticed no pause", async () => {
    vanish(world, [reader]);
    const { wakeAtMs } = reader;
    reader.wakeAtMs = undefined;
    const id = await ban(world, steward, target);
    await runFor(world, 0);
    for (const member of world.members)
      if (![reader, steward, target].includes(member)) await vote(world, member, id, true);
    await runUntil(world, () => steward.state.group.epoch > reader.state.group.epoch);
    await runUntil(world, () => backup.state.group.epoch > reader.state.group.epoch);
    await send(world, backup, "after the commit");
    await runFor(world, 0);
    world.arrives = () => true;
    reader.wakeAtMs = wakeAtMs;
    await runFor(world, 300_000);
    expect(reader.state.group.epoch).toBe(steward.state.group.epoch);
    expect(textsOf(reader)).toEqual(["after the commit"]);
    expect(eventsOf(reader, "missed")).toEqual([]);
  });
});
