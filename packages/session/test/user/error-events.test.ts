import { createMemoryStorage } from "@demls/storage-memory";
import type { Storage } from "@demls/wire/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Conversation } from "../../src/index.js";
import {
  advance,
  enter,
  eventsOf,
  openScene,
  settle,
  until,
  type Person,
  type Scene,
  type ToldEvent,
} from "../harness/index.js";

let scene: Scene, alice: Person;
let garden: Conversation;
let storage: Storage;

beforeEach(async () => {
  storage = createMemoryStorage();
  ({ scene } = await openScene("error events"));
  alice = await enter(scene, "alice", storage);
  garden = await alice.user.createConversation("garden");
});

function errors(): readonly Partial<ToldEvent>[] {
  return eventsOf(alice, "error").map(({ code, operation }) => ({ code, operation }));
}

describe("An error event has a code", () => {
  test("where the transport takes no packet", async () => {
    alice.transport.mood = "refusing";
    await garden.send("is this thing on?");
    await advance(scene, 10_000);
    expect(errors()).toEqual([{ code: "not-published", operation: "publish" }]);
  });

  test("where a handler of events fails, and one of a subtopic", async () => {
    garden.handleEvents(() => Promise.reject(new Error("full")));
    alice.user.handleSubtopic("beacon", () => {
      throw new Error("decaf");
    });
    scene.network.inject({
      payload: Uint8Array.of(1),
      subtopic: "beacon",
      conversationId: "garden",
      appId: new Uint8Array(16),
    });
    await garden.send("hello");
    await settle(scene);
    expect(errors()).toEqual([{ code: "subtopic-handler-failed", operation: "subtopic" }]);
    await garden.admin.regenerateStewards();
    await settle(scene);
    expect(errors()).toContainEqual({ code: "event-handler-failed", operation: "handleEvents" });
  });

  test("where a step fails", async () => {
    vi.spyOn(alice.mls, "createCandidate").mockRejectedValueOnce(new Error("key 0xdecaf"));
    const bob = await enter(scene, "bob");
    await bob.user.join({ name: "garden" }).conversation;
    await until(scene, () => errors().length > 0);
    expect(errors()).toEqual([{ code: "step-failed", operation: "tick" }]);
  });

  test("where a step cannot be stored", async () => {
    vi.spyOn(storage, "write").mockRejectedValueOnce(new Error("full"));
    await garden.admin.regenerateStewards().catch(() => undefined);
    await settle(scene);
    expect(errors()).toEqual([{ code: "storage-failed", operation: "storage" }]);
  });
});
