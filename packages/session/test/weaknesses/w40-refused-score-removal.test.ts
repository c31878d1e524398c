import { describe, expect, test } from "vitest";
import { evidenceOf } from "../../src/model/request.js";
import {
  accusation,
  alter,
  castOf,
  defaultVotesOf,
  eventsOf,
  gatherInEachMode,
  type Member,
  MODES,
  putToVote,
  scoreOf,
  settle,
  take,
  vote,
  type World,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "dave", "erin"]);

/** A steward on which one member's score is at the threshold, unlike on the others. */
async function begin(enterHere: () => Promise<{ readonly world: World }>): Promise<{
  world: World;
  steward: Member;
  target: Member;
  others: readonly Member[];
}> {
  const { world } = await enterHere();
  const { stewards, others } = castOf(world);
  const [steward] = stewards;
  const [target] = others;
  see(steward, target, 0n);
  return { world, steward, target, others: world.members.filter((member) => member !== steward) };
}

function see(member: Member, { id }: Member, score: bigint): void {
  const { scoring } = member.plugins;
  const values = scoring.applySnapshot(member.state.scores.values, {
    diverged: [{ memberId: id, score }],
  });
  alter(member, "scores", { values });
}

/** Rejects an emergency, after which all members check the scores; resulting proposals are rejected too. */
async function refuseAll(world: World, creator: Member, accused: Member): Promise<void> {
  await putToVote(world, creator, accusation(creator, accused));
  for (let round = 0; round < 4; round++) {
    for (const member of world.members) {
      for (const id of [...defaultVotesOf(member).keys()]) await vote(world, member, id, false);
    }
    await settle(world);
  }
}

function timesAsked(steward: Member): number {
  return eventsOf(steward, "ownProposalSubmitted").filter(
    ({ request }) => evidenceOf(request)?.violation === "scoreBelowThreshold",
  ).length;
}

describe("W40: a rejected score removal of an honest proposer", () => {
  describe.each(MODES)("in %s mode", (mode) => {
    test("is not proposed again, so it costs its proposer once; 3.0.0 repeats it until the proposer is removed", async () => {
      const { world, steward, target, others } = await begin(() => inMode(mode));
      const [creator, accused] = others.filter((member) => member !== target) as [Member, Member];
      const before = scoreOf(accused, steward) ?? 0n;
      await refuseAll(world, creator, accused);
      expect(timesAsked(steward)).toBe(1);
      await refuseAll(world, accused, creator);
      await take(world, steward, { kind: "tick" });
      expect(timesAsked(steward)).toBe(1);
      for (const viewer of others) expect(scoreOf(viewer, steward)).toBe(before - 50n);
      expect(accused.state.group?.members).toContain(target.id);
    });

    test("is proposed again once the score has fallen further", async () => {
      const { world, steward, target, others } = await begin(() => inMode(mode));
      const [creator, accused] = others.filter((member) => member !== target) as [Member, Member];
      await refuseAll(world, creator, accused);
      see(steward, target, -1n);
      await refuseAll(world, accused, creator);
      expect(timesAsked(steward)).toBe(2);
    });
  });
});
