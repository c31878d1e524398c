import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { removeRequest } from "../../src/model/request.js";
import { expectMistake } from "../harness/expect-mistake.js";
import { createScene, type Person, type Scene } from "../harness/scene.js";
import { gardenInEachMode, MODES } from "../harness/votes.js";
import { command, propose, runUntil, type Member } from "../harness/stepwise.js";
import { hearSync, knockUnsynced, syncOf } from "../harness/syncs.js";

const enter = await gardenInEachMode(["alice", "bob", "carol"]);

describe("W15: lifetimes of proposals are cut to seconds, so that below one they are over at once", () => {
  describe.each(MODES)("in %s mode", (mode) => {
    let scene: Scene;
    let alice: Person;

    beforeEach(async () => {
      scene = createScene("lifetimes");
      alice = await scene.enter("alice");
    });
    afterEach(() => scene.close());

    test("one of less than a second is refused when the conversation is created, by its name", async () => {
      const create = (proposalExpirationMs: number): Promise<unknown> =>
        alice.user.createConversation("garden", { config: { proposalExpirationMs }, compatibility: mode });
      await expectMistake(create(999), "invalid-config", "proposalExpirationMs");
      await create(1_000);
    });

    test("a joiner whom a group tells of one keeps to a second, so that its bans and its leave come through", async () => {
      const { world, members } = await enter(mode);
      const [founder, , target] = members as [Member, Member, Member];
      const joiner = await knockUnsynced(world, "zed");
      const committer = members.find(({ id }) => id === joiner.state.admittedBy) ?? founder;
      const sync = syncOf(committer);
      const timing = { ...sync.timing, proposalExpirationMs: 400n } as typeof sync.timing;
      expect(await hearSync(world, joiner, committer, { ...sync, timing })).toMatchObject({ kind: "accepted" });
      expect(joiner.state.config.proposalExpirationMs).toBe(1_000);

      await propose(world, joiner, removeRequest(target.id));
      await runUntil(world, () => target.state.endReason === "removed");
      await command(world, joiner, { kind: "leave" });
      await runUntil(world, () => joiner.state.endReason === "left");
    });
  });
});
