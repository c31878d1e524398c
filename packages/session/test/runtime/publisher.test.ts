import { afterEach, beforeEach, expect, test } from "vitest";
import { LIMITS } from "../../src/index.js";
import { createScene, eventsOf, textsOf, watch, type Person, type Scene } from "../harness/scene.js";

let scene: Scene;
let alice: Person;
let bob: Person;

beforeEach(async () => {
  scene = createScene("publish timeout");
  [alice, bob] = [await scene.enter("alice"), await scene.enter("bob")];
});

afterEach(() => scene.close());

test("A packet that the transport neither takes nor refuses is handed over again after a while", async () => {
  const [garden] = await scene.gather("garden", alice, bob);
  alice.transport.mood = "stalled";
  const one = watch((await garden?.send("one"))?.published as Promise<void>);
  await scene.clock.advance(LIMITS.publishTimeoutMs - 1);
  alice.transport.mood = "well";
  const two = watch((await garden?.send("two"))?.published as Promise<void>);
  expect([one.outcome, two.outcome]).toEqual(["pending", "pending"]);
  await scene.clock.advance(5_000);
  expect([one.outcome, two.outcome]).toEqual(["resolved", "resolved"]);
  expect(textsOf(bob)).toEqual(["one", "two"]);
});

test("A packet that it never takes is given up, and later ones are not lost with it", async () => {
  const [garden] = await scene.gather("garden", alice, bob);
  alice.transport.mood = "stalled";
  const one = watch((await garden?.send("one"))?.published as Promise<void>);
  await scene.clock.advance(LIMITS.publishAttempts * (LIMITS.publishTimeoutMs + 8_000));
  expect(one).toMatchObject({ outcome: "rejected", error: { code: "not-published" } });
  expect(eventsOf(alice, "error")).toMatchObject([{ operation: "publish" }]);
  alice.transport.mood = "well";
  await garden?.send("two");
  await scene.clock.advance(LIMITS.publishTimeoutMs);
  expect(textsOf(bob)).toEqual(["two"]);
});

test("Closing waits for no packet, and leaves no timer behind", async () => {
  const [garden] = await scene.gather("garden", alice, bob);
  await bob.user.close();
  alice.transport.mood = "stalled";
  await garden?.send("one");
  await scene.settle();
  await expect(alice.user.close()).resolves.toBeUndefined();
  expect(scene.clock.nextWakeMs()).toBeUndefined();
});
