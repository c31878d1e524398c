import { createStewardConsensus } from "@demls/consensus";
import { beforeEach, describe, expect, test } from "vitest";
import { removeRequest } from "../../src/model/request.js";
import {
  ban,
  castOf,
  eventsOf,
  forgedProposal,
  fork,
  gather,
  join,
  leave,
  proposalAt,
  propose,
  receive,
  resultAt,
  sealed,
  settle,
  shareEpoch,
  signedVote,
  stewardsOf,
  until,
  vote,
  type Member,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"], {
  mode: "strict",
  consensus: createStewardConsensus(),
});

let world: World;
let stewards: [Member, Member];
let others: [Member, Member, Member];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  ({ stewards, others } = castOf(world));
});

describe("If only stewards vote on membership changes", () => {
  test("no other member's vote is requested or expected", async () => {
    const id = await propose(world, stewards[0], removeRequest(others[0].id), "deferred");
    await settle(world);
    for (const member of world.members) {
      const asked = eventsOf(member, "voteRequested").filter(({ proposalId }) => proposalId === id);
      expect(asked).toHaveLength(stewards.includes(member) ? 1 : 0);
      expect(proposalAt(member, id).expectedVotersCount).toBe(2);
    }
  });

  test("a change proposed by another member has no vote of its proposer, and the stewards decide it", async () => {
    const [asker, target] = others;
    const id = await propose(world, asker, removeRequest(target.id), "yes");
    expect(proposalAt(asker, id).votes).toEqual([]);
    await settle(world);
    for (const steward of stewards) await vote(world, steward, id, true);
    await until(world, () => !(asker.state.group?.members.includes(target.id) ?? true));
    const staying = world.members.filter((member) => member !== target);
    await until(world, () => shareEpoch(staying));
    for (const member of staying)
      expect(eventsOf(member, "proposalDecided")).toContainEqual(
        expect.objectContaining({ proposalId: id, result: "yes" }),
      );
  });

  test("no vote of another member counts: manual, received or bundled", async () => {
    const [asker, target, third] = others;
    const id = await propose(world, stewards[0], removeRequest(target.id), "deferred");
    await settle(world);
    await expect(vote(world, asker, id, true)).rejects.toMatchObject({ code: "not-a-voter" });
    const ballot = await signedVote(world, asker.signer, proposalAt(asker, id), true);
    expect(await receive(world, third, await sealed(asker, { kind: "vote", vote: ballot }))).toMatchObject({
      kind: "rejected",
      reason: "not-a-voter",
    });
    const proposal = forgedProposal(world, asker, removeRequest(target.id), { expectedVotersCount: 2 });
    const votes = [await signedVote(world, asker.signer, proposal, true)];
    const packet = await sealed(asker, { kind: "proposal", proposal: { ...proposal, votes } });
    expect(await receive(world, third, packet)).toMatchObject({ kind: "rejected", reason: "not-a-voter" });
    expect(proposalAt(third, id).votes).toEqual([]);
  });

  test("a proposal with all members as voters is rejected", async () => {
    const proposal = forgedProposal(world, others[0], removeRequest(others[1].id), {
      expectedVotersCount: 5,
    });
    const packet = await sealed(others[0], { kind: "proposal", proposal });
    expect(await receive(world, stewards[0], packet)).toMatchObject({ reason: "wrong-expected-voters" });
  });

  test("joiners join, all members elect stewards, and leavers leave", async () => {
    const newcomer = await join(world, "frank");
    const all = world.members;
    await until(world, () =>
      all.every(({ state }) => state.group?.members.length === 6 && state.sync.synced),
    );
    await until(world, () => shareEpoch(all) && stewardsOf(newcomer).length > 0);
    const leaver = others[0];
    await leave(world, leaver);
    await until(world, () => leaver.state.phase === "ended");
    expect(eventsOf(leaver, "leaving")).toMatchObject([{ reason: "left" }]);
    const staying = all.filter((member) => member !== leaver);
    await until(world, () => shareEpoch(staying) && newcomer.state.group?.members.length === 5);
    // Two epochs have exhausted the list of two.
    const askedToElect = (member: Member): boolean =>
      eventsOf(member, "voteRequested").some(({ request }) => request.kind === "electStewards");
    await until(world, () => staying.every(askedToElect));
    const electedIn = newcomer.state.group?.epoch;
    await until(world, () =>
      staying.every((member) => eventsOf(member, "stewardsChanged").at(-1)?.electionEpoch === electedIn),
    );
  });

  test("changes wait during an election, and are handled once the electorate is known", async () => {
    const [asker, target] = others;
    const reader = others[2];
    const electors = forgedProposal(world, asker, {
      kind: "electStewards",
      stewards: [],
      electionEpoch: 99n,
      retryRound: 0,
    });
    await receive(world, reader, await sealed(asker, { kind: "proposal", proposal: electors }));
    expect(resultAt(reader, electors.proposalId)).toBe("active");
    await expect(ban(world, reader, target)).rejects.toMatchObject({
      code: "election-open",
    });
    const change = forgedProposal(world, stewards[0], removeRequest(target.id), { expectedVotersCount: 2 });
    const packet = await sealed(stewards[0], { kind: "proposal", proposal: change });
    expect(await receive(world, reader, packet)).toEqual({ kind: "buffered", reason: "before-electorate" });
    await until(world, () => resultAt(reader, electors.proposalId) !== "active");
    expect(resultAt(reader, change.proposalId)).toBeDefined();
    expect(reader.state.votes.bufferedProposals).toEqual([]);
  });
});
