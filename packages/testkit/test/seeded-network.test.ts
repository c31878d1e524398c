import { createMemoryNetwork } from "@demls/transport-memory";
import type { Packet } from "@demls/wire/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createSeededNetwork,
  createVirtualClock,
  transportContract,
  type RouteConditions,
  type RoutePattern,
  type SeededNetworkOptions,
  type TransportNetwork,
} from "../src/index.js";

const NAMES = ["alice", "bob", "carol"] as const;
type Name = (typeof NAMES)[number];

function packet(text: string): Packet {
  const payload = new TextEncoder().encode(text);
  return { payload, subtopic: "app_msg", conversationId: "garden", appId: new Uint8Array(16) };
}

/** Three connected members, and all received packets in order. */
async function company(options: Partial<SeededNetworkOptions> = {}) {
  const clock = createVirtualClock();
  const network = createSeededNetwork({ seed: "company", clock, ...options });
  const deliveries: { atMs: number; from: string; to: string; text: string }[] = [];
  const members = new Map<Name, ReturnType<typeof network.join>>();
  for (const to of NAMES) {
    const transport = network.join({ name: to });
    members.set(to, transport);
    await transport.subscribe("garden", ({ payload }) => {
      const [from = "", text = ""] = new TextDecoder().decode(payload).split(": ");
      deliveries.push({ atMs: clock.monotonicMs(), from, to, text });
    });
  }
  const say = (from: Name, text: string) => members.get(from)?.publish(packet(`${from}: ${text}`));
  const heard = (to: Name) => deliveries.filter((each) => each.to === to).map(({ text }) => text);
  return { clock, network, deliveries, say, heard };
}

/** Publishes numbers by each member, a millisecond apart, and waits for delivery. */
async function talk({ clock, say }: Awaited<ReturnType<typeof company>>, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    for (const name of NAMES) await say(name, `${i}`);
    await clock.advance(1);
  }
  await clock.advance(5_000);
}

const anyShare = fc.double({ min: 0, max: 1, noNaN: true });
const anyDelay = fc.tuple(fc.nat(200), fc.nat(200)).map(([min, more]) => ({ min, max: min + more }));
const anyConditions: fc.Arbitrary<RouteConditions> = fc.record({
  loss: anyShare,
  delayMs: anyDelay,
  reordering: anyShare,
  duplication: anyShare,
  maxCopies: fc.integer({ min: 1, max: 5 }),
});
const runs = { numRuns: 30 };

describe("a seeded network", () => {
  test("repeats deliveries for the same seed, and differs for another", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), anyConditions, async (seed, conditions) => {
        const [one, same] = [await company({ seed, conditions }), await company({ seed, conditions })];
        await Promise.all([talk(one, 10), talk(same, 10)]);
        expect(same.deliveries).toEqual(one.deliveries);
      }),
      runs,
    );
    const conditions = { loss: 0.5 };
    const [one, other] = [await company({ seed: 1, conditions }), await company({ seed: 2, conditions })];
    await Promise.all([talk(one, 40), talk(other, 40)]);
    expect(other.deliveries).not.toEqual(one.deliveries);
  });

  test("keeps a route's deliveries independent of other routes and earlier packets", async () => {
    await fc.assert(
      fc.asyncProperty(anyConditions, fc.nat(20), async (conditions, before) => {
        const [one, other] = [await company({ conditions }), await company({ conditions })];
        other.network.setConditions({ loss: 1 }, { from: "alice", to: "bob" });
        for (const each of [one, other]) {
          for (let i = 0; i < before; i++) await each.say("alice", "before");
          await each.clock.advance(5_000);
          each.deliveries.length = 0;
        }
        other.network.setConditions(conditions, { from: "alice", to: "bob" });
        for (let i = 0; i < 10; i++) {
          await one.say("alice", `${i}`);
          await other.say("carol", "besides");
          await other.say("alice", `${i}`);
        }
        for (const { clock } of [one, other]) await clock.advance(5_000);
        const route = (each: typeof one) =>
          each.deliveries.filter(({ from, to }) => from === "alice" && to === "bob");
        expect(route(other)).toEqual(route(one));
      }),
      runs,
    );
  });

  test("loses no packets at a loss of 0, and all at 1", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), anyDelay, async (seed, delayMs) => {
        const safe = await company({ seed, conditions: { delayMs } });
        await talk(safe, 10);
        expect(safe.deliveries).toHaveLength(10 * 3 * 2);
        const deaf = await company({ seed, conditions: { delayMs, loss: 1, duplication: 1 } });
        await talk(deaf, 10);
        expect([deaf.deliveries.length, deaf.network.inFlight]).toEqual([0, 0]);
      }),
      runs,
    );
  });

  test("loses about the configured share", async () => {
    const lossy = await company({ conditions: { loss: 0.3 } });
    await talk(lossy, 500);
    // 3,000 deliveries with a standard deviation of 25.
    expect(Math.abs(lossy.deliveries.length - 2_100)).toBeLessThan(150);
  });

  test("delivers up to `maxCopies` copies, and exactly as many at a duplication of 1", async () => {
    await fc.assert(
      fc.asyncProperty(anyConditions, async (conditions) => {
        const { loss, maxCopies } = conditions;
        const some = await company({ conditions });
        await talk(some, 10);
        const all = await company({ conditions: { ...conditions, loss: 0, duplication: 1 } });
        await talk(all, 10);
        for (const { deliveries } of [some, all]) {
          const counts = new Map<string, number>();
          for (const { from, to, text } of deliveries) {
            const key = `${from} ${to} ${text}`;
            counts.set(key, (counts.get(key) ?? 0) + 1);
          }
          expect(Math.max(0, ...counts.values())).toBeLessThanOrEqual(maxCopies);
          if (loss === 0) expect(counts.size).toBe(60);
        }
        expect(all.deliveries).toHaveLength(60 * maxCopies);
      }),
      runs,
    );
  });

  test("delivers within the configured delay", async () => {
    await fc.assert(
      fc.asyncProperty(anyDelay, async (delayMs) => {
        const { clock, say, deliveries } = await company({ conditions: { delayMs } });
        for (let i = 0; i < 20; i++) await say("alice", `${i}`);
        await clock.advance(5_000);
        for (const { atMs } of deliveries) {
          expect(atMs).toBeGreaterThanOrEqual(delayMs.min);
          expect(atMs).toBeLessThanOrEqual(delayMs.max);
        }
      }),
      runs,
    );
  });

  test("keeps the order of a route at a reordering of 0, and not at 1", async () => {
    const delayMs = { min: 0, max: 100 };
    const orderly = await company({ conditions: { delayMs, reordering: 0 } });
    await talk(orderly, 50);
    const straight = Array.from({ length: 50 }, (_, i) => `${i}`);
    for (const from of ["bob", "carol"])
      expect(
        orderly.deliveries
          .filter((each) => each.to === "alice" && each.from === from)
          .map(({ text }) => text),
      ).toEqual(straight);
    const wild = await company({ conditions: { delayMs, reordering: 1 } });
    await talk(wild, 50);
    const heard = wild.deliveries.filter((each) => each.to === "alice" && each.from === "bob");
    expect(heard.map(({ text }) => text)).not.toEqual(straight);
    expect(heard).toHaveLength(50);
  });
});

describe("a partition", () => {
  test("blocks packets between groups until it is healed", async () => {
    await fc.assert(
      fc.asyncProperty(anyDelay, fc.subarray([...NAMES]), async (delayMs, apart) => {
        const { clock, network, say, deliveries } = await company({ conditions: { delayMs } });
        network.partition(apart);
        for (const name of NAMES) await say(name, "in it");
        await clock.advance(1_000);
        const crossing = deliveries.filter(
          ({ from, to }) => apart.includes(from as Name) !== apart.includes(to as Name),
        );
        expect(crossing).toEqual([]);
        const within = (count: number) => count * (count - 1);
        expect(deliveries).toHaveLength(within(apart.length) + within(3 - apart.length));
        network.heal();
        deliveries.length = 0;
        for (const name of NAMES) await say(name, "after it");
        await clock.advance(1_000);
        expect(deliveries).toHaveLength(6);
        expect(deliveries.every(({ text }) => text === "after it")).toBe(true);
      }),
      runs,
    );
  });

  test("delivers packets in flight, and replaces an earlier partition", async () => {
    const { clock, network, say, heard } = await company({ conditions: { delayMs: { min: 10, max: 10 } } });
    await say("alice", "early");
    network.partition(["alice"], ["bob"], ["carol"]);
    await say("alice", "lost");
    network.partition(["alice", "bob"]);
    await say("alice", "to bob");
    await clock.advance(10);
    expect([heard("bob"), heard("carol")]).toEqual([["early", "to bob"], ["early"]]);
  });
});

describe("conditions", () => {
  test("can change for selected routes while the network runs", async () => {
    const { clock, network, say, heard } = await company();
    network.setConditions({ loss: 1 }, { to: "bob" });
    await say("alice", "one");
    network.setConditions({ loss: 0 }, { from: "alice", to: "bob" });
    network.setConditions({ loss: 1 });
    await say("alice", "two");
    network.setConditions({ loss: 0 }, { from: "alice" });
    network.setConditions({ delayMs: { min: 5, max: 5 } }, { from: "alice" });
    await say("alice", "three");
    await clock.advance(4);
    expect([heard("bob"), heard("carol")]).toEqual([["two"], ["one"]]);
    await clock.advance(1);
    expect([heard("bob"), heard("carol")]).toEqual([
      ["two", "three"],
      ["one", "three"],
    ]);
  });

  test.each<[Partial<Record<keyof RouteConditions | "los", unknown>>, string]>([
    [{ loss: -0.1 }, "loss"],
    [{ loss: 1.1 }, "loss"],
    [{ reordering: NaN }, "reordering"],
    [{ duplication: 2 }, "duplication"],
    [{ maxCopies: 0 }, "maxCopies"],
    [{ maxCopies: 17 }, "maxCopies"],
    [{ delayMs: { min: 2, max: 1 } }, "delayMs"],
    [{ delayMs: { min: 0, max: 0.5 } }, "delayMs"],
    [{ delayMs: { min: 0, max: Infinity } }, "delayMs"],
    [{ los: 0.5 }, "los"],
  ])("are rejected: %o", (conditions, field) => {
    const clock = createVirtualClock();
    const refusal = expect.objectContaining({ code: "invalid-conditions", field }) as Error;
    const given = conditions as Partial<RouteConditions>;
    expect(() => createSeededNetwork({ seed: 1, clock, conditions: given })).toThrow(refusal);
    const network = createSeededNetwork({ seed: 1, clock });
    expect(() => network.setConditions(given, {} satisfies RoutePattern)).toThrow(refusal);
  });

  test("count copies against the limit of packets in flight", async () => {
    const conditions = { duplication: 1, maxCopies: 3, delayMs: { min: 1, max: 1 } };
    const { clock, network, say } = await company({ conditions, maxInFlight: 6 });
    await say("alice", "fits");
    expect(network.inFlight).toBe(6);
    await expect(say("bob", "does not")).rejects.toMatchObject({ code: "too-many-in-flight" });
    await clock.advance(1);
    await say("bob", "fits now");
  });
});

describe("the contract of transports is met by", () => {
  function seeded(conditions: Partial<RouteConditions>): TransportNetwork {
    const clock = createVirtualClock();
    const network = createSeededNetwork({ seed: "contract", clock, conditions });
    return { join: () => network.join(), settle: () => clock.advance(1_000) };
  }

  describe("the seeded network, which", () => {
    for (const { name, run } of transportContract(() => seeded({}))) test(name, run);
  });

  describe("a network that delays, repeats and reorders, which", () => {
    const rough = { delayMs: { min: 0, max: 500 }, duplication: 0.5, maxCopies: 4 };
    for (const { name, run } of transportContract(() => seeded(rough))) test(name, run);
  });

  describe.each([false, true])("the memory network with needsPeers %s, which", (needsPeers) => {
    const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    const create = (): TransportNetwork => {
      const network = createMemoryNetwork({ needsPeers });
      return { join: () => network.join(), settle };
    };
    for (const { name, run } of transportContract(create)) test(name, run);
  });
});
