import { createHashgraphConsensus, type HashgraphConsensus } from "@demls/consensus";
import { expect, test } from "vitest";
import { removeRequest } from "../../src/model/request.js";
import {
  deliver,
  eventsOf,
  forgedProposal,
  fork,
  gather,
  type Member,
  proposalAt,
  propose,
  receive,
  receiveVote,
  sealed,
  shareEpoch,
  stewardsOf,
  until,
  vote,
  type World,
} from "../harness/index.js";

const NAMES = ["alice", "bob", "carol", "dave"];

/** The target of a removal has no vote on it; only the stewards vote on the first member's removal. */
const byRequest: HashgraphConsensus = {
  ...createHashgraphConsensus(),
  electorate(request, members, stewards) {
    if (request.kind !== "remove") return members;
    const target = request.member;
    if (target === members[0]) return stewards && members.filter((member) => stewards.includes(member));
    return members.filter((member) => member !== target);
  },
};

const settled = await gather(NAMES, { mode: "strict", consensus: byRequest });

async function forked(): Promise<{ world: World; target: Member; others: Member[] }> {
  const { world } = await fork(settled.world);
  const [first, target] = world.members[0]?.state.group?.members ?? [];
  expect(first).toBeDefined();
  const others = world.members.filter(({ id }) => id !== target);
  return { world, target: world.members.find(({ id }) => id === target) as Member, others };
}

test("a plug-in that excludes a removal's target lets the others decide, without its vote", async () => {
  const { world, target, others } = await forked();
  const [asker] = others as [Member];
  const id = await propose(world, asker, removeRequest(target.id), "deferred");
  await deliver(world);
  for (const member of world.members) {
    expect(proposalAt(member, id).expectedVotersCount).toBe(3);
    const asked = eventsOf(member, "voteRequested").filter(({ proposalId }) => proposalId === id);
    expect(asked).toHaveLength(member === target ? 0 : 1);
  }
  await expect(vote(world, target, id, false)).rejects.toMatchObject({ code: "not-a-voter" });
  expect(await receiveVote(world, asker, target, proposalAt(asker, id), false)).toMatchObject({
    reason: "not-a-voter",
  });
  for (const member of others) await vote(world, member, id, true);
  await until(world, () => shareEpoch(others) && asker.state.group?.members.length === 3);
  expect(eventsOf(target, "leaving")).toMatchObject([{ reason: "removed" }]);
});

test("a proposal with all members as voters is rejected if the plug-in excludes one", async () => {
  const { world, target, others } = await forked();
  const [reader, sender] = others as [Member, Member];
  const proposal = forgedProposal(world, sender, removeRequest(target.id), { expectedVotersCount: 4 });
  const packet = await sealed(sender, { kind: "proposal", proposal });
  expect(await receive(world, reader, packet)).toMatchObject({ reason: "wrong-expected-voters" });
});

test("during an election only the requests with a list-dependent electorate wait", async () => {
  const { world, target, others } = await forked();
  const founder = world.members[0]?.state.group?.members[0] as Member["id"];
  const [asker, elector] = others.filter(({ id }) => id !== founder) as [Member, Member];
  const election = forgedProposal(world, elector, {
    kind: "electStewards",
    stewards: stewardsOf(asker),
    electionEpoch: 99n,
    retryRound: 0,
  });
  await receive(world, asker, await sealed(elector, { kind: "proposal", proposal: election }));
  await expect(propose(world, asker, removeRequest(founder))).rejects.toMatchObject({
    code: "election-open",
  });
  const id = await propose(world, asker, removeRequest(target.id), "deferred");
  expect(proposalAt(asker, id).expectedVotersCount).toBe(3);
});
