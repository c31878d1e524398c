import { createMemoryStorage } from "@demls/storage-memory";
import type { Clock, Packet, Unsubscribe } from "@demls/wire/core";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { createUserFrom, type User } from "../../src/index.js";
import { createDeferred } from "../../src/runtime/deferred.js";
import {
  advance,
  enter,
  expectMistake,
  openScene,
  settle,
  watch,
  type Person,
  type Scene,
} from "../harness/index.js";

let scene: Scene, alice: Person;

beforeEach(async () => {
  ({ scene, alice } = await openScene("subscribing", "alice"));
});

describe("A pending subscription", () => {
  /** Delays a conversation's subscription until the test resolves it. */
  function stall(name: string): { readonly answer: (unsubscribe: Unsubscribe) => void; asked: number } {
    const { subscribe } = alice.transport;
    const gate = createDeferred<Unsubscribe>();
    const stalled = { answer: gate.resolve, asked: 0 };
    alice.transport.subscribe = (id: string, listener: (packet: Packet) => void) => {
      if (id !== name) return subscribe(id, listener);
      stalled.asked += 1;
      return gate.promise;
    };
    return stalled;
  }

  test("blocks neither other conversations nor key packages", async () => {
    stall("stuck");
    const stuck = watch(alice.user.createConversation("stuck"));
    await expect(alice.user.createConversation("other")).resolves.toMatchObject({ name: "other" });
    await expect(alice.user.join({ name: "third" }).conversation).resolves.toMatchObject({ name: "third" });
    await expect(alice.user.generateKeyPackage()).resolves.toBeInstanceOf(Uint8Array);
    expect(stuck.outcome).toBe("pending");
    expect([...alice.user.conversations.keys()]).toEqual(["other", "third"]);
  });

  test("reserves the name", async () => {
    const stalled = stall("stuck");
    const opening = alice.user.createConversation("stuck");
    await expectMistake(alice.user.join({ name: "stuck" }).conversation, "conversation-exists", "name");
    expect(stalled.asked).toBe(1);
    stalled.answer(() => undefined);
    await expect(opening).resolves.toMatchObject({ name: "stuck" });
    expect([...alice.user.conversations.keys()]).toEqual(["stuck"]);
  });

  test("does not block closing, and is ended when it resolves later", async () => {
    const stalled = stall("stuck");
    const opening = watch(alice.user.createConversation("stuck"));
    await settle(scene);
    const closing = watch(alice.user.close());
    await settle(scene);
    expect(closing.outcome).toBe("resolved");
    expect(opening).toMatchObject({ outcome: "rejected", error: { code: "closed" } });
    let ended = 0;
    stalled.answer(() => void (ended += 1));
    await settle(scene);
    expect(ended).toBe(1);
    expect(alice.lifecycle).toEqual([]);
  });

  test("that fails releases the name and rejects with the error of the transport as its cause", async () => {
    const { subscribe } = alice.transport;
    const cause = new Error("no route");
    alice.transport.subscribe = () => Promise.reject(cause);
    await expect(alice.user.join({ name: "garden" }).conversation).rejects.toMatchObject({
      code: "transport",
      cause,
    });
    alice.transport.subscribe = subscribe;
    await expect(alice.user.join({ name: "garden" }).conversation).resolves.toMatchObject({ name: "garden" });
  });
});

describe("A subscription that fails to end", () => {
  test.each<[string, () => void]>([
    [
      "throws",
      () => {
        throw new Error("socket gone");
      },
    ],
    ["rejects", () => Promise.reject(new Error("socket gone"))],
  ])("because ending it %s: the conversation is still closed", async (_how, unsubscribe) => {
    const { subscribe } = alice.transport;
    alice.transport.subscribe = async (id, listener) => {
      await subscribe(id, listener);
      return unsubscribe;
    };
    const garden = await alice.user.createConversation("garden");
    const wiped: unknown[] = [];
    const { wipe } = alice.mls;
    alice.mls.wipe = (spent, kept) => {
      wiped.push(...spent);
      wipe(spent, kept);
    };
    await expect(alice.user.close()).resolves.toBeUndefined();
    expect(alice.lifecycle.slice(1)).toEqual([{ kind: "removed", name: "garden", reason: undefined }]);
    expect(wiped).toHaveLength(1);
    await expectMistake(garden.send("after it"), "closed");
  });
});

describe("Many conversations of one user", () => {
  const COUNT = 15;

  test("wait at once, with one listener of each signal", async () => {
    const added = vi.spyOn(AbortSignal.prototype, "addEventListener");
    onTestFinished(() => added.mockRestore());
    alice.transport.subscribe = () => new Promise(() => undefined);
    for (let i = 0; i < COUNT; i++) void watch(alice.user.createConversation(`garden ${i}`));
    await settle(scene);
    expect(listenersPerSignal(added)).toBeLessThanOrEqual(1);
  });

  test("are restored, with one listener of each signal while the transport refuses them", async () => {
    const storage = createMemoryStorage();
    const carol = await enter(scene, "carol", storage);
    for (let i = 0; i < COUNT; i++) await carol.user.createConversation(`garden ${i}`);
    await carol.user.close();
    const added = vi.spyOn(AbortSignal.prototype, "addEventListener");
    onTestFinished(() => added.mockRestore());
    const { user, subscribed } = await restoredInVain(carol);
    await advance(scene, 60_000);
    expect(user.conversations.size).toBe(COUNT);
    expect(subscribed()).toBeGreaterThan(12 * COUNT);
    expect(listenersPerSignal(added)).toBeLessThanOrEqual(1);
    await user.close();
  });

  test("leave nothing of the waits that are over while the transport refuses them", async () => {
    const storage = createMemoryStorage();
    const carol = await enter(scene, "carol", storage);
    await carol.user.createConversation("garden");
    await carol.user.close();
    let cancelled = 0;
    const clock: Clock = {
      ...scene.clock,
      wakeAt(atMs, callback) {
        const cancel = scene.clock.wakeAt(atMs, callback);
        return () => {
          cancelled += 1;
          cancel();
        };
      },
    };
    const { user, subscribed } = await restoredInVain(carol, clock);
    await advance(scene, 1_000_000);
    expect(subscribed()).toBeGreaterThan(200);
    cancelled = 0;
    await user.close();
    await settle(scene);
    // What still listened to the end of the user would cancel its timer.
    expect(cancelled).toBeLessThan(20);
  });

  test("are iterated, and awaited, until one signal of the caller", async () => {
    const added = vi.spyOn(AbortSignal.prototype, "addEventListener");
    onTestFinished(() => added.mockRestore());
    const { signal } = new AbortController();
    for (let i = 0; i < COUNT; i++) {
      const conversation = await alice.user.createConversation(`garden ${i}`);
      conversation.events({ signal });
      void watch(conversation.nextEvent("message", { signal }));
      void watch(conversation.nextState(() => false, { signal }));
    }
    expect(listenersPerSignal(added)).toBe(1);
  });
});

/** A person after a restart, whose transport refuses every subscription, and the number of those. */
async function restoredInVain(
  { options }: Person,
  clock: Clock = scene.clock,
): Promise<{ readonly user: User; subscribed(): number }> {
  const transport = scene.network.join();
  let count = 0;
  const subscribe = (): Promise<never> => {
    count += 1;
    return Promise.reject(new Error("no route"));
  };
  const user = await createUserFrom({ ...options, clock, transport: { ...transport, subscribe } });
  return { user, subscribed: () => count };
}

/** Most listeners that one signal got. */
function listenersPerSignal({ mock }: { readonly mock: { readonly contexts: readonly unknown[] } }): number {
  const counts = new Map<unknown, number>();
  for (const signal of mock.contexts) counts.set(signal, (counts.get(signal) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}
