import { describe, expect, test } from "vitest";
import {
  accusation,
  advance,
  eventsOf,
  gatherInEachMode,
  MODES,
  putToVote,
  scoreOf,
  type Member,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "mallory"]);

describe("W27: an emergency in another member's name", () => {
  describe.each(MODES)("in %s mode", (mode) => {
    async function frame(): Promise<{ honest: Member[]; carol: Member; end(): Promise<void> }> {
      const { world } = await inMode(mode);
      const [alice, bob, carol, mallory] = world.members as [Member, Member, Member, Member];
      await putToVote(world, mallory, accusation(mallory, bob, { creator: carol.id }));
      return { honest: [alice, bob, carol], carol, end: () => advance(world, 60_000) };
    }

    test("costs the named member nothing", async () => {
      const { honest, carol, end } = await frame();
      const before = honest.map((member) => scoreOf(member, carol));
      await end();
      expect(honest.map((member) => scoreOf(member, carol))).toEqual(before);
    });

    if (mode === "strict") {
      test("is rejected without a vote request", async () => {
        const { honest, end } = await frame();
        await end();
        for (const member of honest) {
          expect(member.outcomes).toContainEqual(
            expect.objectContaining({ kind: "rejected", reason: "borrowed-name" }),
          );
          expect(eventsOf(member, "voteRequested")).toEqual([]);
        }
      });
    } else {
      test("has the default vote no, which also decides it for 3.0.0 members", async () => {
        const { honest, end } = await frame();
        for (const member of honest) {
          expect(eventsOf(member, "voteRequested")).toMatchObject([{ defaultVote: false }]);
        }
        await end();
        for (const member of honest) {
          expect(eventsOf(member, "proposalDecided")).toMatchObject([{ result: "no" }]);
        }
      });
    }
  });
});
