import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Conversation } from "../src/index.js";
import { createScene, eventsOf, textsOf, watch, type Person, type Scene } from "./scene.js";

let scene: Scene;
let alice: Person;
let bob: Person;

beforeEach(async () => {
  scene = createScene("mutual bans");
  [alice, bob] = [await scene.enter("alice"), await scene.enter("bob")];
});

afterEach(() => scene.close());

/** Alice and Bob, each of whom the other has voted out. */
async function feud(): Promise<[Conversation, Conversation]> {
  const [atAlice, atBob] = (await scene.gather("garden", alice, bob)) as [Conversation, Conversation];
  const bans = [watch(atAlice.ban(bob.id).decided), watch(atBob.ban(alice.id).decided)];
  await scene.until(() => bans.every(({ outcome }) => outcome === "resolved"));
  return [atAlice, atBob];
}

describe("Two members who have banned each other", () => {
  test("are told once each, when the freeze ends, that none of them may commit", async () => {
    const conversations = await feud();
    await scene.clock.advance(900_000);
    for (const person of [alice, bob]) {
      expect(eventsOf(person, "error")).toEqual([
        expect.objectContaining({
          operation: "commit",
          message: expect.stringMatching(/^Every member is to be removed, so none of them may commit/),
        }),
      ]);
    }
    for (const { state } of conversations) {
      expect(state).toMatchObject({ phase: "reelection", epoch: 1n });
      expect(state.members).toHaveLength(2);
    }
  });

  test("can talk on, and meet again in another conversation", async () => {
    const [atAlice] = await feud();
    await scene.clock.advance(900_000);
    await atAlice.send("let us start over");
    await scene.settle();
    expect(textsOf(bob)).toEqual(["let us start over"]);
    const again = await scene.gather("orchard", alice, bob);
    expect(again.map(({ state }) => state.members.length)).toEqual([2, 2]);
  });
});

test("A ban of one member alone is no dead end, and no error is told of", async () => {
  const [atAlice] = (await scene.gather("garden", alice, bob)) as [Conversation, Conversation];
  atAlice.ban(bob.id);
  await scene.until(() => atAlice.state.members.length === 1);
  expect([...eventsOf(alice, "error"), ...eventsOf(bob, "error")]).toEqual([]);
});
