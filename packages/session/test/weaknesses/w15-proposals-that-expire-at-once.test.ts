import { beforeEach, describe, expect, test } from "vitest";
import {
  MODES,
  ban,
  expectMistake,
  gatherInEachMode,
  joinUnsynced,
  leave,
  openScene,
  receiveSync,
  settle,
  syncOf,
  until,
  vote,
  type Member,
  type Person,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol"]);

describe("W15: proposal lifetimes are sent in whole seconds, so less than one second expires at once", () => {
  describe.each(MODES)("in %s mode", (mode) => {
    let alice: Person;

    beforeEach(async () => {
      ({ alice } = await openScene("lifetimes", "alice"));
    });
    test("a shorter lifetime is rejected when the conversation is created, with its field", async () => {
      const create = (proposalExpirationMs: number): Promise<unknown> =>
        alice.user.createConversation("garden", { config: { proposalExpirationMs }, compatibility: mode });
      await expectMistake(create(999), "invalid-config", "proposalExpirationMs");
      await create(1_000);
    });

    test("a joiner of a group with a shorter one uses one second, so that its bans and its leave succeed", async () => {
      const { world, members } = await inMode(mode);
      const [founder, , target] = members as [Member, Member, Member];
      const joiner = await joinUnsynced(world, "zed");
      const committer = members.find(({ id }) => id === joiner.state.sync.admittedBy) ?? founder;
      const sync = syncOf(committer);
      const timing = { ...sync.timing, proposalExpirationMs: 400n } as typeof sync.timing;
      expect(await receiveSync(world, joiner, committer, { ...sync, timing })).toMatchObject({
        kind: "accepted",
      });
      expect(joiner.state.config.proposalExpirationMs).toBe(1_000);

      const id = await ban(world, joiner, target);
      await settle(world);
      // The default votes would be too late.
      for (const voter of members.slice(0, 2)) await vote(world, voter, id, true);
      await until(world, () => target.state.endReason === "removed");
      await leave(world, joiner);
      await until(world, () => joiner.state.endReason === "left");
    });
  });
});
