import { describe, expect, test } from "vitest";
import { removeRequest } from "../../src/model/request.js";
import { gardenInEachMode, MODES } from "../harness/votes.js";
import { deliver, eventsOfKind, propose, run, stewardsOf, vote, type Member } from "../harness/stepwise.js";

const enter = await gardenInEachMode(["alice", "bob", "carol", "dave", "erin"]);

describe("W45: an election that comes before the removal it leaves room for", () => {
  test.each(MODES)(
    "%s: is unexpected when it comes, and voted yes once the removal is approved",
    async (mode) => {
      const { world, members } = await enter(mode);
      const stewards = stewardsOf(members[0] as Member);
      const [target, elector] = members.filter(({ id }) => stewards.includes(id)) as [Member, Member];
      const [accuser, witness, late] = members.filter(({ id }) => !stewards.includes(id)) as [
        Member,
        Member,
        Member,
      ];
      const ban = await propose(world, accuser, removeRequest(target.id));
      await deliver(world);
      world.delaysMs = (from, to) => (to === late && from !== elector ? [1_000] : [0]);
      for (const voter of [target, witness, elector]) await vote(world, voter, ban, true);
      await deliver(world);
      expect(late.state.approved).toEqual([]);
      const election = eventsOfKind(late, "voteRequested").at(-1);
      expect(election).toMatchObject({
        proposer: elector.id,
        request: { kind: "steward_election" },
        defaultVote: false,
      });

      await run(world, 1_000);
      expect(late.state.approved).toMatchObject([{ proposalId: ban }]);
      await run(world, 10_000);
      expect(eventsOfKind(late, "voteCast")).toContainEqual({
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

  test.each(MODES)("%s: is voted no where no removal is approved by then", async (mode) => {
    const { world, members } = await enter(mode);
    const stewards = stewardsOf(members[0] as Member);
    const [target, elector] = members.filter(({ id }) => stewards.includes(id)) as [Member, Member];
    const [accuser, witness, late] = members.filter(({ id }) => !stewards.includes(id)) as [
      Member,
      Member,
      Member,
    ];
    const ban = await propose(world, accuser, removeRequest(target.id));
    await deliver(world);
    world.delaysMs = (from, to) => (to === late && from !== elector ? [7_000] : [0]);
    for (const voter of [target, witness, elector]) await vote(world, voter, ban, true);
    await run(world, 6_000);
    const election = eventsOfKind(late, "voteRequested").at(-1);
    expect(eventsOfKind(late, "voteCast")).toContainEqual({
      kind: "voteCast",
      proposalId: election?.proposalId,
      voter: late.id,
      vote: false,
    });
  });
});
