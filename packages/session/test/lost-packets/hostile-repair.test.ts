import { concatBytes, REPAIR_SUBTOPIC, type Packet } from "@demls/wire/core";
import { encodeRepairPacket } from "@demls/wire";
import { beforeEach, describe, expect, test } from "vitest";
import { LIMITS } from "../../src/model/limits.js";
import {
  approveBan,
  broadcast,
  eventsOf,
  fork,
  gather,
  overfull,
  packetOf,
  receive,
  rolesOf,
  runFor,
  runUntil,
  sealed,
  send,
  textsOf,
  type Member,
  type World,
} from "../harness/index.js";
import {
  answersIn,
  currentEpochOf,
  overhear,
  positionOf,
  repairPacket,
  reportOf,
  requestsIn,
  type Answer,
  type Overheard,
  type Report,
  unknownKeyId,
} from "./material.js";

const settled = await gather(["alice", "bob", "carol", "dave"], { mode: "strict", fakes: true });
await runFor(settled.world, 60_000);

const MOST = 2 ** 32 - 1;

let world: World;
let steward: Member, hostile: Member, reader: Member, target: Member;
let overheard: Overheard[];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [steward, hostile, reader, target] = rolesOf(world);
  overheard = overhear(world);
});

async function hostileReport(changes: Partial<Report>): Promise<Packet> {
  return repairPacket(world, hostile, reportOf(world, hostile, changes));
}

async function hostileAnswer(changes: Partial<Answer>): Promise<Packet> {
  const answer: Answer = {
    kind: "served",
    nonce: new Uint8Array(8),
    packets: [],
    more: false,
    epoch: 0n,
    choices: [],
    voids: [],
  };
  return repairPacket(world, hostile, { ...answer, ...changes });
}

/** Loses messages of the steward on the reader, and waits until it has requested them. */
async function openRequest(): Promise<Report> {
  world.arrives = ({ to }) => to !== reader;
  await send(world, steward, "one", 1);
  await runFor(world, 0);
  world.arrives = ({ from }) => from === steward;
  await send(world, steward, "two", 2);
  await runUntil(world, () => requestsIn(overheard).length > 0);
  return requestsIn(overheard)[0]?.message as Report;
}

describe("A hostile report", () => {
  const { length } = currentEpochOf(settled.members[0] as Member).roster;
  const ranges = (count: number) => Array.from({ length: count }, () => ({ position: 0, from: 0, count: 1 }));

  test.each<[string, Partial<Report>]>([
    ["of another number of members", { next: Array.from({ length: length + 1 }, () => 0) }],
    ["of no members", { next: [] }],
    ["that lacks generations beyond its own next", { missing: [{ position: 0, from: 0, count: MOST }] }],
    [
      "that lacks generations of a position outside the roster",
      { missing: [{ position: MOST, from: 0, count: 1 }] },
    ],
    ["that lacks an empty range", { missing: [{ position: 0, from: 0, count: 0 }] }],
    [
      "with more missing ranges than the bound",
      { next: Array.from({ length }, () => MOST), missing: ranges(LIMITS.repairRanges + 1) },
    ],
    ["with a million missing ranges", { next: Array.from({ length }, () => MOST), missing: ranges(50_000) }],
    ["with more voids than the bound", { voids: ranges(LIMITS.repairRanges + 1) }],
    ["with voids of another member", { voids: [{ position: 1, from: 0, count: 1 }] }],
    ["with an empty void", { voids: [{ position: 0, from: 0, count: 0 }] }],
    [
      "with more candidates than the bound",
      { candidates: Array.from({ length: LIMITS.repairCandidates + 1 }, () => new Uint8Array(8)) },
    ],
    ["with a candidate of another length", { candidates: [new Uint8Array(7)] }],
    ["with a nonce of another length", { nonce: new Uint8Array(9) }],
  ])("%s is rejected and changes nothing", async (_what, changes) => {
    const before = reader.state;
    const outcome = await receive(world, reader, await hostileReport(changes));
    expect(outcome).toEqual({ kind: "rejected", reason: "malformed-message", sender: hostile.id });
    expect(reader.state.repair).toEqual(before.repair);
  });

  test("of overlapping ranges is answered with each packet once", async () => {
    await send(world, steward, "one", 1);
    await runFor(world, 5_000);
    const position = positionOf(reader, steward);
    const { next } = reportOf(world, hostile);
    const missing = Array.from({ length: LIMITS.repairRanges }, () => ({
      position,
      from: 0,
      count: next[position] ?? 0,
    }));
    overheard.length = 0;
    world.arrives = ({ to }) => to === reader;
    broadcast(world, hostile, await hostileReport({ missing, asks: true }));
    await runFor(world, 2_000);
    const [answer] = answersIn(overheard);
    const texts = new Set(answer?.message.packets.map((packet) => packet.join()));
    expect(answer?.message.packets.length).toBe(texts.size);
    expect(texts.size).toBeGreaterThan(0);
  });

  test("whose next is beyond every message starts no request", async () => {
    const next = reportOf(world, hostile).next.map(() => MOST);
    expect(await receive(world, reader, await hostileReport({ next }))).toMatchObject({ kind: "accepted" });
    expect(reader.state.repair.requests).toEqual([]);
  });

  test("of messages that do not exist costs a bounded number of requests, and no message is missed", async () => {
    const next = reportOf(world, hostile).next.map(
      (generation) => generation + LIMITS.repairGenerationsAhead,
    );
    const candidates = Array.from({ length: LIMITS.repairCandidates }, (_, i) => new Uint8Array(8).fill(i));
    await receive(world, reader, await hostileReport({ next, candidates }));
    await runFor(world, 3_600_000);
    const requests = requestsIn(overheard).filter(({ from }) => from === reader.name);
    expect(requests.length).toBeGreaterThan(0);
    expect(requests.length).toBeLessThanOrEqual(4);
    expect(eventsOf(reader, "missed")).toEqual([]);
    expect(reader.state.repair.requests).toEqual([]);
  });

  test("with voids of all generations hides no message but its author's", async () => {
    await receive(world, reader, await hostileReport({ voids: [{ position: 0, from: 0, count: MOST }] }));
    await openRequest();
    world.arrives = () => true;
    await runFor(world, 10_000);
    expect(textsOf(reader).toSorted()).toEqual(["one", "two"]);
  });

  test("with ever other voids exceeds no bound", async () => {
    for (let i = 0; i < 5; i++) {
      const voids = Array.from({ length: LIMITS.repairRanges }, (_, j) => ({
        ...{ position: 0, count: 1 },
        from: 2 * (i * LIMITS.repairRanges + j),
      }));
      await receive(world, reader, await hostileReport({ voids }));
    }
    expect(reader.state.repair.voids).toHaveLength(LIMITS.repairVoids);
    expect(overfull(reader)).toEqual([]);
  });

  test.each([
    ["older than five minutes", -301n],
    ["more than five minutes ahead", 301n],
  ])("with a time %s is ignored", async (_what, offset) => {
    const { timestamp } = reportOf(world, hostile);
    const packet = await hostileReport({ timestamp: timestamp + offset, asks: true });
    const before = reader.state.repair;
    expect(await receive(world, reader, packet)).toEqual({ kind: "ignored", reason: "expired-report" });
    expect(reader.state.repair).toEqual(before);
  });
});

describe("A replayed request", () => {
  /** A request of the target for all packets, which the others have answered. */
  async function answeredRequest(): Promise<Packet> {
    await send(world, steward, "one", 1);
    await runFor(world, 5_000);
    const report = reportOf(world, target, { asks: true });
    const request = await repairPacket(world, target, {
      ...report,
      next: report.next.map(() => 0),
      missing: [],
    });
    broadcast(world, target, request);
    await runFor(world, 2_500);
    expect(answersIn(overheard).length).toBeGreaterThan(0);
    overheard.length = 0;
    return { ...request, appId: new Uint8Array(16).fill(7) };
  }

  test("is not answered again", async () => {
    const request = await answeredRequest();
    for (let i = 0; i < 10; i++) {
      for (const member of world.members) await receive(world, member, request);
      await runFor(world, 2_500);
    }
    expect(answersIn(overheard)).toEqual([]);
  });

  test("does not use up the answers to its author", async () => {
    const request = await answeredRequest();
    for (let i = 0; i < 2 * LIMITS.repairAnswersPerMinute; i++) await receive(world, reader, request);
    const fresh = await repairPacket(world, target, reportOf(world, target, { asks: true }));
    expect(await receive(world, reader, fresh)).toMatchObject({ kind: "accepted" });
  });

  test("does not postpone the answer", async () => {
    await send(world, steward, "one", 1);
    await runFor(world, 5_000);
    const report = reportOf(world, target, { asks: true });
    const request = await repairPacket(world, target, {
      ...report,
      next: report.next.map(() => 0),
      missing: [],
    });
    await receive(world, reader, request);
    const [answer] = reader.state.repair.answers;
    world.nowMs += (answer?.dueAtMs ?? 0) - world.nowMs - 1;
    await receive(world, reader, request);
    expect(reader.state.repair.answers).toEqual([answer]);
  });

  test("is ignored after five minutes", async () => {
    const request = await answeredRequest();
    await runFor(world, 301_000);
    expect(await receive(world, reader, request)).toEqual({ kind: "ignored", reason: "expired-report" });
  });
});

describe("A hostile answer", () => {
  test("without a request serves nothing", async () => {
    await runFor(world, 0);
    const packet = await sealed(steward, { kind: "empty" });
    const outcomes = reader.outcomes.length;
    await receive(world, reader, await hostileAnswer({ packets: [packet.payload] }));
    expect(reader.outcomes.slice(outcomes)).toEqual([
      { kind: "accepted", what: "repair", sender: hostile.id },
    ]);
  });

  test("with too many packets is rejected", async () => {
    await openRequest();
    const packets = Array.from({ length: LIMITS.servedPackets + 1 }, () => Uint8Array.of(1));
    const outcome = await receive(world, reader, await hostileAnswer({ packets }));
    expect(outcome).toMatchObject({ kind: "rejected", reason: "malformed-message" });
  });

  test("with garbage changes nothing but the request, and the messages still arrive", async () => {
    const { nonce } = await openRequest();
    const { group, votes, changes, commit } = reader.state;
    const garbage = [
      new Uint8Array(0),
      new Uint8Array(64).fill(0xff),
      new Uint8Array(1_000),
      Uint8Array.of(0, 1, 0, 2),
    ];
    const outcome = await receive(world, reader, await hostileAnswer({ nonce, packets: garbage }));
    expect(outcome).toMatchObject({ kind: "accepted", what: "repair" });
    expect(reader.state).toMatchObject({ votes, changes, commit });
    expect(reader.state.group.epoch).toBe(group.epoch);
    world.arrives = () => true;
    await runFor(world, 10_000);
    expect(textsOf(reader).toSorted()).toEqual(["one", "two"]);
  });

  test("that promises more again and again costs a bounded number of requests, and the messages still arrive", async () => {
    await openRequest();
    const startMs = world.nowMs;
    world.arrives = () => true;
    const { reads } = world;
    const nonces: Uint8Array[] = [];
    world.reads = (packet) => {
      reads(packet);
      const last = overheard.at(-1);
      if (last?.message.kind === "progress" && last.message.asks && last.from === reader.name)
        nonces.push(last.message.nonce);
    };
    // Only the hostile member answers, and only with promises.
    hostile.online = false;
    world.arrives = ({ from, to }) => from === hostile || to === hostile;
    nonces.push(requestsIn(overheard).at(-1)?.message.nonce as Uint8Array);
    while (world.nowMs < startMs + 60_000) {
      for (const nonce of nonces.splice(0))
        await receive(world, reader, await hostileAnswer({ nonce, more: true }));
      await runFor(world, 50);
    }
    const requests = requestsIn(overheard).filter(({ from }) => from === reader.name);
    expect(requests.length).toBeLessThanOrEqual(LIMITS.repairAnswersPerMinute);
    world.arrives = () => true;
    hostile.online = true;
    await runFor(world, 400_000);
    expect(textsOf(reader).toSorted()).toEqual(["one", "two"]);
  });

  test("that claims a later epoch ends no membership and stops no commit", async () => {
    const { nonce } = await openRequest();
    await receive(world, reader, await hostileAnswer({ nonce, epoch: 2n ** 64n - 1n }));
    world.arrives = () => true;
    await approveBan(world, steward, target);
    await runUntil(world, () => reader.state.group.members.length === 3);
    await runFor(world, 60_000);
    expect(reader.state.group.epoch).toBe(steward.state.group.epoch);
  });
});

describe("A repair packet", () => {
  test("with a forged signature is rejected", async () => {
    const member = { ...hostile, id: steward.id } as Member;
    const forged = await repairPacket(world, member, reportOf(world, hostile));
    expect(await receive(world, reader, forged)).toMatchObject({
      kind: "rejected",
      reason: "not-decryptable",
    });
  });

  test("with an unknown leaf is rejected", async () => {
    const { roster, ...epoch } = currentEpochOf(hostile);
    const strange = roster.map((entry) => ({ ...entry, leafIndex: 1_000 }));
    const packet = await repairPacket(world, hostile, { kind: "empty" }, { ...epoch, roster: strange });
    expect(await receive(world, reader, packet)).toMatchObject({
      kind: "rejected",
      reason: "not-decryptable",
    });
  });

  test("with a forged key is rejected", async () => {
    const epoch = currentEpochOf(hostile);
    const packet = await repairPacket(
      world,
      hostile,
      { kind: "empty" },
      { ...epoch, key: new Uint8Array(16) },
    );
    expect(await receive(world, reader, packet)).toMatchObject({
      kind: "rejected",
      reason: "not-decryptable",
    });
  });

  test("with a key id of another length is rejected", async () => {
    const { keyId } = currentEpochOf(reader);
    const payload = encodeRepairPacket({
      keyId: concatBytes(keyId, keyId),
      nonce: new Uint8Array(12),
      sealed: new Uint8Array(40),
    });
    const packet = packetOf(hostile, payload, REPAIR_SUBTOPIC);
    expect(await receive(world, reader, packet)).toMatchObject({
      kind: "rejected",
      reason: "malformed-packet",
    });
  });

  test("of another group with the same keys is rejected", async () => {
    const elsewhere = {
      ...hostile,
      state: { ...hostile.state, group: { ...hostile.state.group, groupId: "abcdef0123" } },
    };
    const packet = await repairPacket(world, elsewhere, { kind: "empty" });
    expect(await receive(world, reader, packet)).toMatchObject({
      kind: "rejected",
      reason: "not-decryptable",
    });
  });

  test("of this member itself is ignored", async () => {
    const packet = {
      ...(await repairPacket(world, reader, reportOf(world, reader))),
      appId: new Uint8Array(16),
    };
    expect(await receive(world, reader, packet)).toEqual({ kind: "ignored", reason: "own-message" });
  });
});

describe("A former member", () => {
  test("with its old repair key is answered for its own epochs only, and starts no request", async () => {
    const old = currentEpochOf(target);
    await send(world, steward, "before", 1);
    await runFor(world, 0);
    const report = reportOf(world, target, { asks: true });
    const { group } = target.state;
    await approveBan(world, steward, target);
    await runUntil(world, () => target.state.phase === "ended");
    await runFor(world, 60_000);
    await send(world, steward, "after", 2);
    await runFor(world, 60_000);
    overheard.length = 0;
    const { nowSeconds } = { nowSeconds: reportOf(world, reader).timestamp };
    const former = { ...target, state: { ...reader.state, group } };
    const request = { ...report, next: report.next.map(() => 0), missing: [], timestamp: nowSeconds };
    broadcast(world, target, await repairPacket(world, former, request, old));
    await runFor(world, 5_000);
    expect(
      requestsIn(overheard).filter(
        ({ message }) => message !== undefined && message.nonce.join() !== request.nonce.join(),
      ),
    ).toEqual([]);
    const served = answersIn(overheard).flatMap(({ message }) =>
      message.packets.map((payload) => payload.join()),
    );
    const ofEpoch = (epoch: bigint) =>
      new Set(
        reader.state.repair.log.filter((entry) => entry.epoch === epoch).map(({ payload }) => payload.join()),
      );
    expect(served.length).toBeGreaterThan(0);
    expect(served.every((payload) => ofEpoch(old.epoch).has(payload))).toBe(true);
    expect(ofEpoch(reader.state.group.epoch).size).toBeGreaterThan(0);
  });
});

describe("A stranger", () => {
  test("with unreadable repair packets causes at most one request in a minute by each member", async () => {
    await runFor(world, 120_000);
    overheard.length = 0;
    const startMs = world.nowMs;
    for (let i = 0; world.nowMs < startMs + 600_000; i++) {
      const payload = encodeRepairPacket({
        keyId: unknownKeyId(reader, i),
        nonce: new Uint8Array(12),
        sealed: new Uint8Array(60),
      });
      const packet = { ...packetOf(reader, payload, REPAIR_SUBTOPIC), appId: new Uint8Array(16).fill(9) };
      expect(await receive(world, reader, packet)).toEqual({ kind: "ignored", reason: "unknown-repair-key" });
      await runFor(world, 1_000);
    }
    const requests = requestsIn(overheard);
    expect(requests.every(({ from }) => from === reader.name)).toBe(true);
    expect(requests.length).toBeGreaterThanOrEqual(2);
    expect(requests.length).toBeLessThanOrEqual(11);
  });

  test("with messages of later epochs causes at most one request in a minute", async () => {
    await runFor(world, 120_000);
    overheard.length = 0;
    const { world: elsewhere } = await fork(settled.world, "elsewhere");
    const [first, , , banned] = rolesOf(elsewhere);
    await approveBan(elsewhere, first, banned);
    await runUntil(elsewhere, () => first.state.group.epoch > reader.state.group.epoch);
    const startMs = world.nowMs;
    while (world.nowMs < startMs + 300_000) {
      await receive(world, reader, {
        ...(await sealed(first, { kind: "empty" })),
        appId: new Uint8Array(16),
      });
      await runFor(world, 1_000);
    }
    const requests = requestsIn(overheard).filter(({ from }) => from === reader.name);
    expect(requests.length).toBeGreaterThanOrEqual(2);
    expect(requests.length).toBeLessThanOrEqual(6);
  });
});
