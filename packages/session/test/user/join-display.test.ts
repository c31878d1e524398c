import { beforeEach, describe, expect, test } from "vitest";
import { createScene, eventsOf, expectMistake, until, type Person, type Scene } from "../harness/index.js";

let scene: Scene, alice: Person, bob: Person;

beforeEach(async () => {
  scene = createScene({ seed: "display", fakes: true });
  [alice, bob] = [await scene.enter("alice"), await scene.enter("bob")];
  return () => scene.close();
});

const nameOfBob = (): string | undefined =>
  alice.user.conversation("garden").state.members.find(({ id }) => id === bob.id)?.claimedName;

describe("A user that joins by another name", () => {
  test.each(["strict", "de-mls-3"] as const)(
    "claims it at the members, and when it speaks, in a %s conversation and no other one",
    async (compatibility) => {
      const garden = await alice.user.createConversation("garden", { compatibility });
      await alice.user.createConversation("meadow", { compatibility });
      const meadow = await bob.user.join({ name: "meadow" }).conversation;
      const joining = await bob.user.join({ name: "garden" }, { display: "night owl" }).conversation;
      await until(scene, () => [joining, meadow].every(({ state }) => state.phase === "working"));
      const asked = eventsOf(alice, "voteRequested").map(({ claimedName }) => claimedName);
      // Leaves name nobody in the other mode.
      if (compatibility === "strict") expect(asked).toContain("night owl");
      await joining.send("hoo");
      await until(scene, () => eventsOf(alice, "message").length === 1);
      expect(eventsOf(alice, "message")).toMatchObject([{ claimedName: "night owl", text: "hoo" }]);
      expect(nameOfBob()).toBe("night owl");
      await meadow.send("hello");
      await until(scene, () => eventsOf(alice, "message").length === 2);
      expect(eventsOf(alice, "message")[1]?.claimedName).toBe("bob");
      expect([bob.user.display, garden.name]).toEqual(["bob", "garden"]);
    },
  );

  test.each(["", "a\nb", "x".repeat(65), 7 as never])("is refused the name %j", async (display) => {
    const attempt = bob.user.join({ name: "garden" }, { display });
    for (const promise of [attempt.conversation, attempt.started, attempt.ready])
      await expectMistake(promise, "invalid-display", "display");
    expect(bob.user.conversations.size).toBe(0);
  });
});
