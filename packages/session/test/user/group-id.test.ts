import { createMemoryStorage } from "@demls/storage-memory";
import { afterEach, describe, expect, test } from "vitest";
import { createUserFrom } from "../../src/index.js";
import { createScene, enter, expectMistake, until, type Scene } from "../harness/index.js";

const GROUP_ID = /^[0-9a-f]{32}$/;

let scene: Scene;

afterEach(() => scene.close());

describe("The id of a group", () => {
  test("lets a user join the one that is meant out of two of one name", async () => {
    scene = createScene({ seed: "two of one name", fakes: true });
    const [alice, erin, bob] = [
      await enter(scene, "alice"),
      await enter(scene, "erin"),
      await enter(scene, "bob"),
    ];
    const [garden, twin] = [
      await alice.user.createConversation("garden"),
      await erin.user.createConversation("garden"),
    ];
    const { groupId = "" } = twin.state;
    expect(groupId).toMatch(GROUP_ID);
    expect(garden.state.groupId).toMatch(GROUP_ID);
    expect(garden.state.groupId).not.toBe(groupId);

    const joining = await bob.user.join({ name: "garden", groupId: groupId.toUpperCase() }).conversation;
    expect(joining.state.groupId).toBeUndefined();
    expect(joining.admin.inspect().groupId).toBeNull();
    await until(scene, () => joining.state.phase === "working");
    expect(joining.state.groupId).toBe(groupId);
    expect(joining.admin.inspect().groupId).toBe(groupId);
    expect(garden.state.members).toHaveLength(1);
  });

  test("is the name in the mode de-mls-3", async () => {
    scene = createScene({ seed: "de-mls-3", fakes: true });
    const alice = await enter(scene, "alice");
    const garden = await alice.user.createConversation("garden", { compatibility: "de-mls-3" });
    expect(garden.state.groupId).toBe("67617264656e");
  });

  test("is still the only one to join after a restart", async () => {
    scene = createScene({ seed: "restart", fakes: true });
    const alice = await enter(scene, "alice");
    const storage = createMemoryStorage();
    const bob = await enter(scene, "bob", storage);
    const { groupId = "" } = (await alice.user.createConversation("garden")).state;
    const other = groupId.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
    await bob.user.join({ name: "garden", groupId: other }).conversation;
    await bob.user.close();
    const again = await createUserFrom({ ...bob.options, transport: scene.network.join(), storage });
    await scene.clock.advance(100_000);
    expect(again.conversations.get("garden")?.state.phase).toBe("pending-join");
    expect(alice.user.conversation("garden").state.members).toHaveLength(1);
    await again.close();
  });

  test.each(["", "0", "garden", "00".repeat(256), 7 as unknown as string])(
    "is rejected unless it is the hex of 1 to 255 bytes: %o",
    async (groupId) => {
      scene = createScene({ seed: "ids", fakes: true });
      const { user } = await enter(scene, "alice");
      await expectMistake(user.join({ name: "garden", groupId }).conversation, "invalid-group-id", "groupId");
      expect(user.conversations.size).toBe(0);
    },
  );
});
