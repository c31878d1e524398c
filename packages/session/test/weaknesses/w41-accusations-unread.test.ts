import type { Violation } from "@demls/consensus";
import { describe, expect, test } from "vitest";
import {
  accusation,
  advance,
  stewardsOf,
  eventsOf,
  gatherInEachMode,
  MODES,
  putToVote,
  scoreOf,
  settle,
  vote,
  type Member,
  type World,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "mallory"], { fakes: true });

const VIOLATIONS: readonly Violation[] = ["brokenCommit", "brokenMlsProposal", "censorshipInactivity"];

describe("W41: unverifiable accusations", () => {
  describe.each(MODES)("in %s mode", (mode) => {
    async function begin(): Promise<{ world: World; honest: Member[]; accused: Member; mallory: Member }> {
      const { world } = await inMode(mode);
      const [alice, bob, carol, mallory] = world.members as [Member, Member, Member, Member];
      // A steward would gain points by committing the accuser's removal.
      const stewards = stewardsOf(alice);
      const accused = [bob, carol, alice].find(({ id }) => !stewards.includes(id)) ?? bob;
      return { world, honest: [alice, bob, carol], accused, mallory };
    }

    test("cost the accused nothing, and the accuser its membership; in 3.0.0 two remove the accused", async () => {
      const { world, honest, accused, mallory } = await begin();
      const before = honest.map((member) => scoreOf(member, accused));
      for (let i = 0; i < 2; i++) {
        await putToVote(world, mallory, accusation(mallory, accused));
        await advance(world, 60_000);
      }
      expect(honest.map((member) => scoreOf(member, accused))).toEqual(before);
      for (const member of honest) {
        const results = eventsOf(member, "proposalDecided").map(({ result }) => result);
        expect(results.slice(0, 2)).toEqual(["no", "no"]);
        // The accuser is removed.
        expect(member.state.group?.members).toEqual(honest.map(({ id }) => id));
      }
    });

    test.each(VIOLATIONS)(
      "of type %s have the default vote no, whichever member is accused",
      async (type) => {
        const { world, honest, accused, mallory } = await begin();
        await putToVote(world, mallory, accusation(mallory, accused, { violation: type }));
        for (const member of honest) {
          expect(eventsOf(member, "voteRequested")).toMatchObject([{ defaultVote: false }]);
        }
      },
    );

    test("can be confirmed by manual votes", async () => {
      const { world, honest, accused, mallory } = await begin();
      const before = scoreOf(accused, accused) ?? 0n;
      const id = await putToVote(world, mallory, accusation(mallory, accused));
      for (const member of honest) await vote(world, member, id, true);
      await settle(world);
      for (const member of honest) expect(scoreOf(member, accused)).toBe(before - 50n);
    });
  });
});
