import { describe, expect, test } from "vitest";
import type { CompatibilityMode } from "../../src/index.js";
import {
  advance,
  ban,
  castOf,
  eventsOf,
  gatherInEachMode,
  MODES,
  settle,
  stewardsOf,
  vote,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "dave", "erin"]);

/** Approves the removal of a steward; a late member receives all votes but the elector's `delayMs` later. */
async function begin(mode: CompatibilityMode, delayMs: number) {
  const { world, members } = await inMode(mode);
  const { stewards, others } = castOf(world);
  const [target, elector] = stewards;
  const [accuser, witness, late] = others;
  const removal = await ban(world, accuser, target);
  await settle(world);
  world.delaysMs = (from, to) => (to === late && from !== elector ? [delayMs] : [0]);
  const voters = mode === "strict" ? [witness, elector] : [target, witness, elector];
  for (const voter of voters) await vote(world, voter, removal, true);
  return { world, members, removal, target, elector, late };
}

describe("W45: an election that arrives before the approval of a removal that it anticipates", () => {
  test.each(MODES)(
    "%s: is unexpected on arrival, and has the default vote yes once the removal is approved",
    async (mode) => {
      const { world, members, removal, target, elector, late } = await begin(mode, 1_000);
      await settle(world);
      expect(late.state.changes.approved).toEqual([]);
      const election = eventsOf(late, "voteRequested").at(-1);
      expect(election).toMatchObject({
        proposer: elector.id,
        request: { kind: "electStewards" },
        defaultVote: false,
      });

      await advance(world, 1_000);
      expect(late.state.changes.approved).toMatchObject([{ proposalId: removal }]);
      await advance(world, 10_000);
      expect(eventsOf(late, "voteCast")).toContainEqual({
        kind: "voteCast",
        proposalId: election?.proposalId,
        voter: late.id,
        vote: true,
      });
      const lists = members.map((member) => stewardsOf(member));
      expect(lists).toEqual(members.map(() => lists[0]));
      expect(lists[0]).not.toContain(target.id);
    },
  );

  test.each(MODES)("%s: has the default vote no if the removal is not approved by then", async (mode) => {
    const { world, late } = await begin(mode, 7_000);
    await advance(world, 6_000);
    const election = eventsOf(late, "voteRequested").at(-1);
    expect(eventsOf(late, "voteCast")).toContainEqual({
      kind: "voteCast",
      proposalId: election?.proposalId,
      voter: late.id,
      vote: false,
    });
  });
});
