import { expect, test } from "vitest";
import { findingsOf, type Failure } from "../../src/life/verdict.js";
import { viewOf } from "../../src/life/view.js";
import { createWorld, type World } from "../../src/world/world.js";

const MINUTE_MS = 60_000;

/** Three members, of whom one is cut off from the others. */
async function cutOff(): Promise<World> {
  const world = createWorld({ seed: 5, isStored: false, probationMs: 0 });
  const alice = await world.enter();
  await alice.create();
  for (let i = 0; i < 2; i++) await (await world.enter()).join();
  const isGathered = (): boolean =>
    world.people.every(({ conversation }) => conversation?.state.members.length === 3);
  expect(await world.clock.advanceUntil(isGathered, 10 * MINUTE_MS)).toBe(true);
  world.links.cut(new Map([["member-3", 1]]));
  return world;
}

function failuresOf(world: World): readonly Failure[] {
  return findingsOf(world.people.map((person) => viewOf(person, new Map()))).map(({ failure }) => failure);
}

test("a member that is cut off while the others commit is found behind, and catches up afterwards", async () => {
  const world = await cutOff();
  await (await world.enter()).join();
  await world.clock.advance(5 * MINUTE_MS);
  expect(failuresOf(world)).toEqual(["behind"]);
  world.links.heal();
  await world.clock.advance(5 * MINUTE_MS);
  expect(failuresOf(world)).toEqual([]);
});

test("a member that is cut off without a change is found in the group", async () => {
  const world = await cutOff();
  await world.clock.advance(5 * MINUTE_MS);
  world.links.heal();
  expect(failuresOf(world)).toEqual([]);
});
