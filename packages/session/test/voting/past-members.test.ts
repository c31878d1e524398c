import type { Proposal } from "@demls/wire";
import type { Packet } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { receiveProposal } from "../../src/voting/receive-proposal.js";
import { receiveVote } from "../../src/voting/receive-vote.js";
import { beginTransaction, type ActiveTransaction } from "../../src/model/transaction.js";
import type { Active } from "../../src/step/index.js";
import { removeRequest } from "../../src/model/request.js";
import {
  alter,
  ban,
  castOf,
  encodeStateButGroup,
  environmentOf,
  forgedProposal,
  fork,
  gather,
  type Member,
  receive,
  sealed,
  signedVote,
  until,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"], { fakes: true });

let world: World;
let judge: Member;
let friend: Member;
/** Removed before the tests begin. */
let former: Member;
/** Encrypted in the previous epoch, by a former and a current member. */
let packets: Record<"former" | "friend", Record<"proposal" | "vote" | "earlyVote", Packet>>;
/** Proposed in the current epoch, open on every member. */
let open: Proposal;

async function sealedEarlier(from: Member, openId: number): Promise<(typeof packets)["former"]> {
  const proposal = forgedProposal(world, from, removeRequest(judge.id));
  const votes = [await signedVote(world, from.signer, proposal, true)];
  const expected = { expectedVotersCount: world.members.length - 1 };
  const known = forgedProposal(world, friend, removeRequest(judge.id), { proposalId: openId, ...expected });
  const vote = await signedVote(world, from.signer, known, true);
  return {
    proposal: await sealed(from, { kind: "proposal", proposal: { ...proposal, ...expected, votes } }),
    vote: await sealed(from, { kind: "vote", vote }),
    earlyVote: await sealed(from, { kind: "vote", vote: { ...vote, proposalId: 77 } }),
  };
}

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [former] = castOf(world).others;
  [judge, friend] = world.members.filter((member) => member !== former) as [Member, Member];
  const openId = 4_242;
  packets = {
    former: await sealedEarlier(former, openId),
    friend: await sealedEarlier(friend, openId),
  };
  await ban(world, judge, former);
  await until(world, () => judge.state.group?.members.includes(former.id) === false);
  open = forgedProposal(world, friend, removeRequest(judge.id), { proposalId: openId });
  await receive(world, judge, await sealed(friend, { kind: "proposal", proposal: open }));
  expect(judge.plugins.consensus.tally(judge.state.votes.sessions, openId)?.votes).toEqual([]);
});

describe("A proposal or vote of the previous epoch that arrives after a removal is dropped (W1)", () => {
  test.each(["proposal", "vote", "earlyVote"] as const)("a former member's %s", async (what) => {
    const before = encodeStateButGroup(judge.state, judge.mls);
    expect(await receive(world, judge, packets.former[what])).toEqual({
      kind: "ignored",
      reason: "past-epoch",
    });
    expect(encodeStateButGroup(judge.state, judge.mls)).toBe(before);
  });

  test.each(["proposal", "vote", "earlyVote"] as const)("a current member's %s", async (what) => {
    const before = encodeStateButGroup(judge.state, judge.mls);
    expect(await receive(world, judge, packets.friend[what])).toEqual({
      kind: "ignored",
      reason: "past-epoch",
    });
    expect(encodeStateButGroup(judge.state, judge.mls)).toBe(before);
  });
});

describe("A sender that is not a member", () => {
  function transactionOf(member: Member): ActiveTransaction {
    return beginTransaction(member.state as Active, environmentOf(world, member));
  }

  test("has no vote", async () => {
    const tx = transactionOf(judge);
    const vote = await signedVote(world, former.signer, open, true);
    expect(await receiveVote(tx, vote, former.id)).toEqual({
      outcome: { kind: "rejected", reason: "not-a-member", sender: former.id },
      facts: [],
    });
    expect(tx.state).toBe(judge.state);
  });

  test("cannot propose", async () => {
    const tx = transactionOf(judge);
    const proposal = forgedProposal(world, former, removeRequest(friend.id), {
      expectedVotersCount: judge.state.group?.members.length ?? 0,
    });
    expect(await receiveProposal(tx, proposal, former.id)).toEqual({
      outcome: { kind: "rejected", reason: "not-a-member", sender: former.id },
      facts: [],
    });
    expect(tx.state).toBe(judge.state);
  });

  test("has its buffered votes dropped", async () => {
    const late = forgedProposal(world, friend, removeRequest(judge.id));
    const early = { vote: await signedVote(world, former.signer, late, true), sender: former.id };
    alter(judge, "votes", { bufferedVotes: [early] });
    await receive(world, judge, await sealed(friend, { kind: "proposal", proposal: late }));
    const tally = judge.plugins.consensus.tally(judge.state.votes.sessions, late.proposalId);
    expect(tally?.votes).toEqual([]);
    expect(judge.state.votes.bufferedVotes).toEqual([]);
  });
});
