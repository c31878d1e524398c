import { utf8ToBytes } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { LIMITS } from "../../src/model/limits.js";
import type { ActiveTransaction } from "../../src/model/transaction.js";
import { loggedAs, logPacket, ownVoids, packetsLackedBy } from "../../src/lost-packets/log.js";
import { fork, gather } from "../harness/index.js";
import { transactionOf } from "./material.js";
import { candidateSlot, isSameSlot } from "../../src/model/packet-slots.js";

const settled = await gather(["alice", "bob"], { mode: "strict", fakes: true });

let tx: ActiveTransaction;
let epoch: bigint;

beforeEach(async () => {
  const { world, members } = await fork(settled.world);
  tx = transactionOf(world, members[0] as (typeof members)[number]);
  tx.state = { ...tx.state, repair: { ...tx.state.repair, log: [] } };
  ({ epoch } = tx.state.group);
});

function log(position: number, generation: number, bytes = 1, of = epoch): void {
  const payload = new Uint8Array(bytes);
  payload.set(utf8ToBytes(`${of}/${position}/${generation}`).subarray(0, bytes));
  logPacket(tx, of, { kind: "message", position, generation }, payload);
}

const places = (): readonly string[] =>
  tx.state.repair.log.map(({ slot }) =>
    slot.kind === "message"
      ? `${slot.position}/${slot.generation}`
      : slot.kind === "candidate"
        ? slot.id
        : slot.commit,
  );

describe("The log of packets", () => {
  test("keeps a packet once", () => {
    log(0, 0);
    log(0, 0);
    expect(places()).toEqual(["0/0"]);
  });

  test("keeps packets of the same generation of another member or epoch", () => {
    log(0, 0);
    log(1, 0);
    log(0, 0, 1, epoch - 1n);
    expect(places()).toEqual(["0/0", "1/0", "0/0"]);
  });

  test("keeps candidates by the first eight bytes of their hash", () => {
    const hash = Uint8Array.from({ length: 32 }, (_, i) => i);
    logPacket(tx, epoch, candidateSlot(hash), Uint8Array.of(1));
    logPacket(tx, epoch, candidateSlot(hash), Uint8Array.of(2));
    expect(places()).toEqual(["0001020304050607"]);
    expect(isSameSlot(candidateSlot(hash), { kind: "message", position: 0, generation: 0 })).toBe(false);
  });

  test("evicts the oldest packet of a sender with too many in one epoch, and none of another", () => {
    log(1, 0);
    for (let generation = 0; generation <= LIMITS.loggedPacketsPerSender; generation++) log(0, generation);
    expect(tx.state.repair.log).toHaveLength(LIMITS.loggedPacketsPerSender + 1);
    expect(places().slice(0, 2)).toEqual(["1/0", "0/1"]);
  });

  test("keeps sixteen times as many of a keeper", () => {
    tx.state = { ...tx.state, config: { ...tx.state.config, archive: true } };
    const large = LIMITS.loggedBytes / 4;
    for (let generation = 0; generation <= 64; generation++) log(0, generation, large);
    expect(tx.state.repair.log).toHaveLength(64);
    expect(places()[0]).toBe("0/1");
  });

  test("counts the packets of a sender in each epoch apart", () => {
    log(0, 0, 1, epoch - 1n);
    for (let generation = 0; generation < LIMITS.loggedPacketsPerSender; generation++) log(0, generation);
    expect(tx.state.repair.log).toHaveLength(LIMITS.loggedPacketsPerSender + 1);
  });

  test("evicts the oldest packet of the sender with the most bytes beyond the bound of bytes", () => {
    log(1, 0, 100);
    const large = LIMITS.loggedBytes / 4;
    for (let generation = 0; generation < 4; generation++) log(0, generation, large);
    expect(places()).toEqual(["1/0", "0/1", "0/2", "0/3"]);
  });

  test("evicts packets of the sender with the most bytes for one of a sender with fewer", () => {
    const half = LIMITS.loggedBytes / 2;
    log(0, 0, half);
    log(0, 1, half);
    log(1, 0, 100);
    expect(places()).toEqual(["0/1", "1/0"]);
  });

  test("is bounded in its number of packets", () => {
    const senders = Math.ceil(LIMITS.loggedPackets / LIMITS.loggedPacketsPerSender) + 1;
    const entries = Array.from({ length: LIMITS.loggedPackets }, (_, i) => ({
      epoch,
      slot: { kind: "message", position: i % senders, generation: i } as const,
      payload: new Uint8Array(i % senders === 3 ? 9 : 1),
      atMs: 0,
    }));
    tx.state = { ...tx.state, repair: { ...tx.state.repair, log: entries } };
    log(senders, 0);
    expect(tx.state.repair.log).toHaveLength(LIMITS.loggedPackets);
    expect(places()).not.toContain("3/3");
    expect(places()).toContain(`3/${senders + 3}`);
    expect(places().at(-1)).toBe(`${senders}/0`);
  });

  test("finds packets by their bytes, in one epoch", () => {
    log(0, 7, 20);
    const [entry] = tx.state.repair.log;
    expect(loggedAs(tx, epoch, Uint8Array.from(entry?.payload ?? []))).toBe(entry);
    expect(loggedAs(tx, epoch - 1n, entry?.payload ?? new Uint8Array(0))).toBeUndefined();
  });

  test("finds the packets that another member lacks, oldest first", () => {
    for (const generation of [2, 0, 1, 3]) log(0, generation);
    log(1, 0);
    const progress = {
      next: [4, 0],
      missing: [{ position: 0, from: 1, count: 2 }],
      candidates: [],
      chosen: [],
    };
    const lacked = packetsLackedBy(tx, epoch, progress).map(({ slot }) => slot);
    expect(lacked).toEqual([
      { kind: "message", position: 0, generation: 2 },
      { kind: "message", position: 0, generation: 1 },
      { kind: "message", position: 1, generation: 0 },
    ]);
  });
});

describe("A member's own voids", () => {
  test("are its generations below next that are not in the log", () => {
    for (const generation of [0, 3, 4]) log(1, generation);
    expect(ownVoids(tx, epoch, 1, 7)).toEqual([
      { position: 0, from: 1, count: 2 },
      { position: 0, from: 5, count: 2 },
    ]);
  });

  test("are not covered by packets of another member or epoch", () => {
    log(0, 0);
    log(1, 0, 1, epoch - 1n);
    expect(ownVoids(tx, epoch, 1, 1)).toEqual([{ position: 0, from: 0, count: 1 }]);
  });

  test("are at most as many ranges as a report may have: the newest", () => {
    for (let generation = 1; generation < 600; generation += 2) log(1, generation);
    const voids = ownVoids(tx, epoch, 1, 600);
    expect(voids).toHaveLength(LIMITS.repairRanges);
    expect(voids.at(-1)).toEqual({ position: 0, from: 598, count: 1 });
  });
});
