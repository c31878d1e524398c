import type { Packet } from "@demls/wire/core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import {
  createMemoryNetwork,
  type MemoryNetworkOptions,
  type MemoryTransport,
  type Route,
} from "../src/index.js";
import { advance, fakeClock, seededBytes } from "./fake-time.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] }));
afterEach(() => void vi.useRealTimers());

function packet(text: string, conversationId = "garden"): Packet {
  const payload = new TextEncoder().encode(text);
  return { payload, subtopic: "app_msg", conversationId, appId: Uint8Array.of(1, 2, 3) };
}

function textOf({ payload }: Packet): string {
  return new TextDecoder().decode(payload);
}

/** Collects the packets delivered to `transport`, as text. */
async function inbox(transport: MemoryTransport, conversationId = "garden"): Promise<string[]> {
  const received: string[] = [];
  await transport.subscribe(conversationId, (delivered) => received.push(textOf(delivered)));
  return received;
}

/** Resolves after all ready microtasks have run. */
function microtasks(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function threeMembers(options?: MemoryNetworkOptions) {
  const network = createMemoryNetwork(options);
  const [alice, bob, carol] = [
    network.join({ name: "alice" }),
    network.join({ name: "bob" }),
    network.join({ name: "carol" }),
  ] as const;
  const inboxes = { alice: await inbox(alice), bob: await inbox(bob), carol: await inbox(carol) };
  return { network, alice, bob, carol, inboxes };
}

describe("a network that needs peers", () => {
  it("refuses a packet while no other member subscribes to the conversation", async () => {
    const onPacket = vi.fn();
    const network = createMemoryNetwork({ needsPeers: true, echo: true, onPacket });
    const [alice, bob] = [network.join(), network.join()];
    await inbox(alice);
    await inbox(bob, "cellar");
    await expect(alice.publish(packet("one"))).rejects.toMatchObject({ code: "no-peers" });
    expect(onPacket).not.toHaveBeenCalled();
    const atBob = await inbox(bob);
    await alice.publish(packet("two"));
    await microtasks();
    expect(atBob).toEqual(["two"]);
  });
});

describe("delivery", () => {
  it("reaches all other subscribers of the conversation", async () => {
    const { alice, inboxes } = await threeMembers();
    await alice.publish(packet("hello"));
    await microtasks();
    expect(inboxes).toEqual({ alice: [], bob: ["hello"], carol: ["hello"] });
  });

  it("reaches the sender if the network echoes", async () => {
    const { alice, inboxes } = await threeMembers({ echo: true });
    await alice.publish(packet("hello"));
    await microtasks();
    expect(inboxes).toEqual({ alice: ["hello"], bob: ["hello"], carol: ["hello"] });
  });

  it("reaches no subscriber of another conversation", async () => {
    const { alice, bob, inboxes } = await threeMembers();
    const cellar = await inbox(bob, "cellar");
    await alice.publish(packet("below", "cellar"));
    await microtasks();
    expect(cellar).toEqual(["below"]);
    expect(inboxes.bob).toEqual([]);
  });

  it("calls no listener from within publish", async () => {
    const { alice, inboxes } = await threeMembers();
    const published = alice.publish(packet("hello"));
    expect(inboxes.bob).toEqual([]);
    await published;
    await microtasks();
    expect(inboxes.bob).toEqual(["hello"]);
  });

  it("keeps the order of publishing without a delay", async () => {
    const { alice, carol, inboxes } = await threeMembers();
    await Promise.all([alice.publish(packet("1")), carol.publish(packet("2")), alice.publish(packet("3"))]);
    await microtasks();
    expect(inboxes.bob).toEqual(["1", "2", "3"]);
  });

  it("skips members that subscribed after the packet was published", async () => {
    const network = createMemoryNetwork();
    const [alice, bob] = [network.join(), network.join()];
    await alice.publish(packet("too early"));
    const received = await inbox(bob);
    await microtasks();
    expect(received).toEqual([]);
  });

  it("ends with the subscription, also for packets under way", async () => {
    const network = createMemoryNetwork();
    const [alice, bob] = [network.join(), network.join()];
    const received: string[] = [];
    const unsubscribe = await bob.subscribe("garden", (delivered) => received.push(textOf(delivered)));
    const published = alice.publish(packet("under way"));
    unsubscribe();
    unsubscribe();
    await published;
    await alice.publish(packet("later"));
    await microtasks();
    expect(received).toEqual([]);
  });

  it("continues for other listeners when one throws", async () => {
    const clock = fakeClock();
    const network = createMemoryNetwork({ clock, delayMs: { min: 1, max: 1 } });
    const [alice, bob, carol] = [network.join(), network.join(), network.join()];
    await bob.subscribe("garden", () => {
      throw new Error("bob's listener");
    });
    const received = await inbox(carol);
    await alice.publish(packet("hello"));
    await expect(advance(1)).rejects.toThrow("bob's listener");
    await advance(0);
    expect(received).toEqual(["hello"]);
  });
});

describe("copies", () => {
  it("belong to the receiver: changes by sender or receiver affect no other member", async () => {
    const network = createMemoryNetwork();
    const [alice, bob, carol] = [network.join(), network.join(), network.join()];
    const received: Packet[] = [];
    await bob.subscribe("garden", (delivered) => {
      received.push(delivered);
      delivered.payload.fill(0);
      delivered.appId.fill(0);
    });
    await carol.subscribe("garden", (delivered) => received.push(delivered));
    const sent = packet("hello");
    const published = alice.publish(sent);
    sent.payload.fill(7);
    await published;
    await microtasks();
    expect(received.map(textOf)).toEqual(["\0\0\0\0\0", "hello"]);
    expect(received[1]?.appId).toEqual(Uint8Array.of(1, 2, 3));
    expect(sent.appId).toEqual(Uint8Array.of(1, 2, 3));
  });

  it("are made of a Buffer too, whose slices share memory", async () => {
    const { alice, inboxes } = await threeMembers();
    const payload = Buffer.from("hello");
    const published = alice.publish({ ...packet(""), payload });
    payload.fill(0);
    await published;
    await microtasks();
    expect(inboxes.bob).toEqual(["hello"]);
  });

  it("are frozen, with only the packet's four fields", async () => {
    const network = createMemoryNetwork();
    const [alice, bob] = [network.join(), network.join()];
    const received: Packet[] = [];
    await bob.subscribe("garden", (delivered) => received.push(delivered));
    await alice.publish({ ...packet("hello"), secret: "mine" } as Packet);
    await microtasks();
    expect(received).toEqual([packet("hello")]);
    expect(Object.isFrozen(received[0])).toBe(true);
  });
});

describe("a delay", () => {
  it("passes on the clock", async () => {
    const clock = fakeClock();
    const { network, alice, inboxes } = await threeMembers({ clock, delayMs: { min: 50, max: 50 } });
    await alice.publish(packet("hello"));
    await advance(49);
    expect([inboxes.bob, network.inFlight]).toEqual([[], 2]);
    await advance(1);
    expect([inboxes.bob, network.inFlight]).toEqual([["hello"], 0]);
  });

  it("is random between min and max per delivery, and the same for the same seed", async () => {
    const arrivals = async (): Promise<number[]> => {
      const clock = fakeClock();
      const random = seededBytes(17);
      const network = createMemoryNetwork({ clock, random, delayMs: { min: 10, max: 90 } });
      const [alice, bob] = [network.join(), network.join()];
      const startMs = clock.monotonicMs();
      const instants: number[] = [];
      await bob.subscribe("garden", () => instants.push(clock.monotonicMs() - startMs));
      for (let i = 0; i < 50; i++) await alice.publish(packet(`${i}`));
      await advance(90);
      return instants;
    };
    const first = await arrivals();
    expect(first).toHaveLength(50);
    expect(Math.min(...first)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...first)).toBeLessThanOrEqual(90);
    expect(new Set(first).size).toBeGreaterThan(20);
    expect(await arrivals()).toEqual(first);
  });

  it("may depend on the route", async () => {
    const clock = fakeClock();
    const delayMs = ({ from, to }: Route): number => (from === "alice" && to === "bob" ? 90 : 10);
    const { alice, bob, inboxes } = await threeMembers({ clock, delayMs });
    await alice.publish(packet("hello"));
    await bob.publish(packet("hi"));
    await advance(10);
    expect(inboxes).toEqual({ alice: ["hi"], bob: [], carol: ["hello", "hi"] });
    await advance(80);
    expect(inboxes.bob).toEqual(["hello"]);
  });

  it("that is invalid makes publish reject, and no member gets the packet", async () => {
    const clock = fakeClock();
    const delayMs = ({ to }: Route): number => (to === "carol" ? NaN : 0);
    const { network, alice } = await threeMembers({ clock, delayMs });
    await expect(alice.publish(packet("hello"))).rejects.toMatchObject({ code: "invalid-delay" });
    expect(network.inFlight).toBe(0);
  });

  it.each<[string, string, MemoryNetworkOptions]>([
    ["missing-clock", "clock", { delayMs: () => 1 }],
    ["missing-clock", "clock", { delayMs: { min: 1, max: 1 } }],
    ["missing-random", "random", { clock: fakeClock(), delayMs: { min: 1, max: 2 } }],
    ["invalid-delay", "delayMs", { clock: fakeClock(), delayMs: { min: 2, max: 1 } }],
    ["invalid-delay", "delayMs", { clock: fakeClock(), delayMs: { min: -1, max: 1 } }],
    ["invalid-delay", "delayMs", { clock: fakeClock(), delayMs: { min: 0, max: Infinity } }],
  ])("is rejected with %s for a bad %s", (code, field, options) => {
    expect(() => createMemoryNetwork(options)).toThrowError(expect.objectContaining({ code, field }));
  });
});

describe("an interceptor", () => {
  it("is called once per route, and may let the packet pass", async () => {
    const routes: Route[] = [];
    const { alice, inboxes } = await threeMembers({
      intercept: (passing, route) => {
        routes.push(route);
        return passing;
      },
    });
    await alice.publish(packet("hello"));
    await microtasks();
    expect(routes).toEqual([
      { from: "alice", to: "bob" },
      { from: "alice", to: "carol" },
    ]);
    expect(inboxes.bob).toEqual(["hello"]);
  });

  it("may drop, replace or multiply the packet for one receiver", async () => {
    const { alice, inboxes } = await threeMembers({
      echo: true,
      intercept: (passing, { to }) => {
        if (to === "bob") return undefined;
        return to === "carol" ? [passing, packet("forged")] : packet("replaced");
      },
    });
    await alice.publish(packet("hello"));
    await microtasks();
    expect(inboxes).toEqual({ alice: ["replaced"], bob: [], carol: ["hello", "forged"] });
  });

  it("cannot change other members' bytes", async () => {
    const { alice, inboxes } = await threeMembers({
      intercept: (passing, { to }) => {
        if (to === "bob") passing.payload.fill(65);
        return passing;
      },
    });
    await alice.publish(packet("hello"));
    await microtasks();
    expect([inboxes.bob, inboxes.carol]).toEqual([["AAAAA"], ["hello"]]);
  });

  it("that throws makes publish reject, and no member gets the packet", async () => {
    const { network, alice, inboxes } = await threeMembers({
      intercept: (passing, { to }) => {
        if (to === "carol") throw new Error("cut");
        return passing;
      },
    });
    await expect(alice.publish(packet("hello"))).rejects.toThrow("cut");
    await microtasks();
    expect([inboxes.bob, inboxes.carol, network.inFlight]).toEqual([[], [], 0]);
  });
});

describe("the network", () => {
  it.each([0, -1, 0.5, NaN, Infinity, "9", null])("rejects a bound of %o deliveries", (maxInFlight) => {
    const options = { maxInFlight } as MemoryNetworkOptions;
    expect(() => createMemoryNetwork(options)).toThrowError(
      expect.objectContaining({
        code: "invalid-max-in-flight",
        field: "maxInFlight",
        remedy: expect.any(String) as unknown,
      }) as Error,
    );
  });

  it("reports each packet once to an observer, with its sender", async () => {
    const seen: string[] = [];
    const { alice, bob } = await threeMembers({
      onPacket: (published, from) => seen.push(`${from}: ${textOf(published)}`),
    });
    await alice.publish(packet("one"));
    await bob.publish(packet("two"));
    expect(seen).toEqual(["alice: one", "bob: two"]);
  });

  it("names members in the order of joining unless they have names", () => {
    const network = createMemoryNetwork();
    const names = [network.join(), network.join({ name: "alice" }), network.join()].map(({ name }) => name);
    expect(names).toEqual(["member-1", "alice", "member-3"]);
  });

  it("rejects a publish beyond the bound as a whole, and accepts more after deliveries", async () => {
    const { network, alice, inboxes } = await threeMembers({ maxInFlight: 3 });
    const first = alice.publish(packet("first"));
    await expect(alice.publish(packet("refused"))).rejects.toMatchObject({ code: "too-many-in-flight" });
    await first;
    await microtasks();
    await alice.publish(packet("second"));
    await microtasks();
    expect([inboxes.bob, inboxes.carol]).toEqual([
      ["first", "second"],
      ["first", "second"],
    ]);
    expect(network.inFlight).toBe(0);
  });

  it("delivers each packet exactly once to each other member, whatever the delays", async () => {
    const sends = fc.array(fc.nat(2), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.integer(), sends, async (seed, senders) => {
        const clock = fakeClock();
        const random = seededBytes(seed);
        const { network, inboxes, ...members } = await threeMembers({
          clock,
          random,
          delayMs: { min: 0, max: 500 },
        });
        const names = ["alice", "bob", "carol"] as const;
        const sent = senders.map((sender, index) => ({ from: names[sender] ?? "alice", text: `${index}` }));
        for (const { from, text } of sent) await members[from].publish(packet(text));
        await advance(500);
        for (const name of names) {
          const expected = sent.filter(({ from }) => from !== name).map(({ text }) => text);
          expect([...inboxes[name]].sort()).toEqual(expected.sort());
        }
        expect(network.inFlight).toBe(0);
      }),
      { numRuns: 30 },
    );
  });
});

describe("a closed transport", () => {
  it("neither publishes nor subscribes, and closes only once", async () => {
    const { alice } = await threeMembers();
    await alice.close();
    await alice.close();
    const closed = { code: "transport-closed" };
    await expect(alice.publish(packet("hello"))).rejects.toMatchObject(closed);
    await expect(alice.subscribe("garden", () => undefined)).rejects.toMatchObject(closed);
  });

  it("receives nothing, and other members do", async () => {
    const { alice, bob, inboxes } = await threeMembers();
    const published = alice.publish(packet("under way"));
    await bob.close();
    await published;
    await alice.publish(packet("later"));
    await microtasks();
    expect([inboxes.bob, inboxes.carol]).toEqual([[], ["under way", "later"]]);
  });
});
