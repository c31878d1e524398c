import { beforeEach, expect, test } from "vitest";
import { LIMITS } from "../../src/step/index.js";
import {
  advance,
  eventsOf,
  gather,
  openScene,
  settle,
  textsOf,
  watch,
  type Person,
  type Scene,
} from "../harness/index.js";

let scene: Scene, alice: Person, bob: Person;

beforeEach(async () => {
  ({ scene, alice, bob } = await openScene("publish timeout", "alice", "bob"));
});

test("A packet whose publishing times out is published again", async () => {
  const [garden] = await gather(scene, "garden", alice, bob);
  alice.transport.mood = "stalled";
  const one = watch((await garden.send("one")).published);
  await advance(scene, LIMITS.publishTimeoutMs - 1);
  alice.transport.mood = "well";
  const two = watch((await garden.send("two")).published);
  expect([one.outcome, two.outcome]).toEqual(["pending", "pending"]);
  await advance(scene, 5_000);
  expect([one.outcome, two.outcome]).toEqual(["resolved", "resolved"]);
  expect(textsOf(bob)).toEqual(["one", "two"]);
});

test("A packet that is never accepted is dropped, and later ones are published; chat is sent again", async () => {
  const [garden] = await gather(scene, "garden", alice, bob);
  alice.transport.mood = "stalled";
  const one = watch((await garden.send("one")).published);
  await advance(scene, LIMITS.publishAttempts * (LIMITS.publishTimeoutMs + 8_000));
  expect(one).toMatchObject({ outcome: "rejected", error: { code: "not-published" } });
  expect(eventsOf(alice, "error")).toMatchObject([{ operation: "publish" }]);
  alice.transport.mood = "well";
  await garden.send("two");
  await advance(scene, LIMITS.publishTimeoutMs);
  expect(textsOf(bob).sort()).toEqual(["one", "two"]);
});

test("Closing does not wait for packets, and cancels all timers", async () => {
  const [garden] = await gather(scene, "garden", alice, bob);
  await bob.user.close();
  alice.transport.mood = "stalled";
  await garden.send("one");
  await settle(scene);
  await expect(alice.user.close()).resolves.toBeUndefined();
  expect(scene.clock.nextWakeMs()).toBeUndefined();
});
