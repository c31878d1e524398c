import { describe, expect, test } from "vitest";
import { scoreRemovalRequest } from "../../src/model/request.js";
import {
  advance,
  agreeOnScore,
  eventsOf,
  gatherInEachMode,
  MODES,
  putToVote,
  until,
  type Member,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "mallory"]);

describe("W29: a score below the threshold on its accuser only", () => {
  describe.each(MODES)("in %s mode", (mode) => {
    test("has the default vote no on members with another score, and removes no member", async () => {
      const { world } = await inMode(mode);
      const [alice, bob, carol, mallory] = world.members as [Member, Member, Member, Member];
      await putToVote(world, mallory, scoreRemovalRequest(mallory.id, bob.id, -1n, 1n));
      for (const member of mode === "strict" ? [alice, carol] : [alice, bob, carol]) {
        expect(eventsOf(member, "voteRequested")).toMatchObject([{ defaultVote: false }]);
      }
      await advance(world, 60_000);
      for (const member of [alice, bob, carol]) {
        expect(eventsOf(member, "proposalDecided")).toMatchObject([{ result: "no" }]);
        expect(member.state.changes.approved).toEqual([]);
        expect(member.state.group?.members).toContain(bob.id);
      }
    });

    test("is accepted by members with the same score", async () => {
      const { world } = await inMode(mode);
      const [alice, bob, carol, mallory] = world.members as [Member, Member, Member, Member];
      agreeOnScore(world, bob, 0n);
      await putToVote(world, mallory, scoreRemovalRequest(mallory.id, bob.id, 0n, 1n));
      for (const member of [alice, carol]) {
        expect(eventsOf(member, "voteRequested")).toMatchObject([{ defaultVote: true }]);
      }
      await until(world, () => bob.state.endReason === "removed");
    });
  });
});
