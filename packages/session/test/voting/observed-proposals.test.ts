import { createEthereumSigner } from "@demls/consensus";
import type { MlsChange } from "@demls/mls";
import type { Proposal, Vote } from "@demls/wire";
import { memberIdToBytes } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { LIMITS } from "../../src/step/index.js";
import { removeRequest, scoreRemovalRequest } from "../../src/model/request.js";
import {
  additionOf,
  advance,
  agreeOnScore,
  approve,
  ban,
  candidatePacket,
  eventsOf,
  forgedCommit,
  forgedProposal,
  fork,
  gather,
  proposalAt,
  receive,
  receiveVote,
  resultAt,
  sealed,
  settle,
  signedVote,
  stewardsOf,
  stranger,
  vote,
  type Member,
  type World,
} from "../harness/index.js";

const three = await gather(["alice", "bob", "carol"]);
const five = await gather(["alice", "bob", "carol", "dave", "erin"]);
const RUBBISH = new Uint8Array(65);

let world: World;
/** A dishonest steward, a member that receives its forgeries, and the target of its removal. */
let steward: Member;
let odd: Member;
let target: Member;

async function enter(settled: { readonly world: World }): Promise<void> {
  ({ world } = await fork(settled.world));
  const list = stewardsOf(world.members[0] as Member);
  steward = world.members.find(({ id }) => id === list[0]) as Member;
  target = world.members.find(({ id }) => !list.includes(id)) as Member;
  odd = world.members.find((member) => member !== steward && member !== target) as Member;
}

/** As if a leaf of the group were not marked as this project's. */
function suspectOthers(member: Member): void {
  const { group } = member.state;
  if (group !== undefined) member.state = { ...member.state, group: { ...group, supportedExtensions: [] } };
}

/** The steward commits, and the odd member goes through its freeze. */
async function commit(...changes: readonly MlsChange[]): Promise<void> {
  await receive(world, odd, candidatePacket(steward, await forgedCommit(steward, changes)));
  await advance(world, 120_000);
}

/** Noted votes on a proposal. */
function noted({ state }: Member, proposalId: number): Record<string, boolean> | undefined {
  const heard = state.votes.observed.get(proposalId);
  return heard && Object.fromEntries(heard.votes);
}

describe("A vote sent by another member than its owner, which a 3.0.0 member may count", () => {
  let id: number;

  async function hear(vote: Vote): Promise<void> {
    await receive(world, odd, await sealed(steward, { kind: "vote", vote }));
  }

  beforeEach(async () => {
    await enter(five);
    suspectOthers(odd);
    id = await ban(world, steward, target);
    await settle(world);
  });

  test("is not noted without its owner's signature, so no commit is followed for it", async () => {
    const proposal = proposalAt(steward, id);
    const genuine = await signedVote(world, steward.signer, proposal, true);
    for (const { id: owner } of world.members.filter((member) => member !== steward))
      await hear({ ...genuine, voteOwner: memberIdToBytes(owner), signature: RUBBISH });
    for (let number = 0; number < 5; number++) {
      const sybil = createEthereumSigner(steward.random.bytes(32));
      await hear({ ...(await signedVote(world, sybil, proposal, true)), signature: RUBBISH });
    }
    expect(noted(odd, id)).toEqual({ [steward.id]: true });
    for (const voter of world.members.filter((member) => member !== steward)) {
      await vote(world, voter, id, false);
      await settle(world);
    }
    expect(resultAt(odd, id)).toBe("no");
    await commit({ kind: "remove", member: target.id });
    expect(eventsOf(odd, "reconciled")).toEqual([]);
    expect(odd.state.group?.members).toHaveLength(5);
  });

  test("is noted for a non-member, and not for a current member, even if signed", async () => {
    const proposal = proposalAt(steward, id);
    const sybil = createEthereumSigner(steward.random.bytes(32));
    await hear(await signedVote(world, target.signer, proposal, true));
    await hear(await signedVote(world, sybil, proposal, true));
    expect(Object.keys(noted(odd, id) ?? {})).toHaveLength(2);
    expect(noted(odd, id)).not.toHaveProperty(target.id);
  });
});

test("A member's own vote on an evicted proposal is noted only if it is signed", async () => {
  await enter(five);
  const id = await ban(world, steward, target);
  await settle(world);
  const proposal = proposalAt(steward, id);
  for (let number = 0; number < 12; number++) {
    const spam = forgedProposal(world, target, removeRequest(target.id));
    await receive(world, odd, await sealed(target, { kind: "proposal", proposal: spam }));
  }
  expect(resultAt(odd, id)).toBeUndefined();
  const genuine = await signedVote(world, target.signer, proposal, false);
  const forged = { ...genuine, signature: RUBBISH };
  await receive(world, odd, await sealed(target, { kind: "vote", vote: forged }));
  expect(noted(odd, id)).toEqual({ [steward.id]: true });
  await receive(world, odd, await sealed(target, { kind: "vote", vote: genuine }));
  expect(noted(odd, id)).toEqual({ [steward.id]: true, [target.id]: false });
});

describe("A proposal rejected on this member that a 3.0.0 member may accept", () => {
  beforeEach(async () => {
    await enter(five);
    suspectOthers(odd);
  });

  async function give(twist: Parameters<typeof forgedProposal>[3], votes: readonly Vote[] = []) {
    const plain = forgedProposal(world, steward, removeRequest(target.id), twist);
    const proposal = { ...plain, votes: [...votes] };
    await receive(world, odd, await sealed(steward, { kind: "proposal", proposal }));
    return proposal.proposalId;
  }

  test("is not noted if it contains an unsigned vote", async () => {
    const own = forgedProposal(world, steward, removeRequest(target.id));
    const genuine = await signedVote(world, steward.signer, own, true);
    const forged = { ...genuine, voteOwner: memberIdToBytes(odd.id), signature: RUBBISH };
    expect(noted(odd, await give(own, [genuine, forged]))).toBeUndefined();
    // With a signature it is noted, but not as that member's own vote.
    const signed = await signedVote(world, odd.signer, own, true);
    expect(noted(odd, await give(own, [genuine, signed]))).toEqual({ [steward.id]: true });
  });

  test("is not noted with an impossible number of voters", async () => {
    expect(noted(odd, await give({ expectedVotersCount: LIMITS.observedVotes }))).toEqual({});
    expect(noted(odd, await give({ expectedVotersCount: 0xffff_ffff }))).toBeUndefined();
  });

  test("with many expected voters and no vote does not excuse the next commit", async () => {
    await give({ expectedVotersCount: LIMITS.observedVotes });
    await commit({ kind: "remove", member: target.id });
    expect(eventsOf(odd, "reconciled")).toEqual([]);
  });

  test("with the maximum number of voters does not excuse the next commit", async () => {
    await give({ expectedVotersCount: 0xffff_ffff });
    await commit({ kind: "remove", member: target.id });
    expect(eventsOf(odd, "reconciled")).toEqual([]);
  });
});

describe("A score removal that the same votes decide differently", () => {
  beforeEach(() => enter(three));

  /** The steward accuses a member of a low score, and only one voter receives the other votes. */
  async function accuse(accused: Member, voter: Member): Promise<Proposal> {
    agreeOnScore(world, accused, -1n);
    const request = scoreRemovalRequest(steward.id, accused.id, -1n, steward.state.group?.epoch ?? 0n);
    const proposal = forgedProposal(world, steward, request);
    await receive(world, voter, await sealed(steward, { kind: "proposal", proposal }));
    for (const member of world.members) member.online = member === voter;
    return proposal;
  }

  test("is followed by members that rejected it", async () => {
    const proposal = await accuse(target, odd);
    await receiveVote(world, odd, target, proposal, false);
    await vote(world, odd, proposal.proposalId, false);
    await receiveVote(world, odd, steward, proposal, true);
    expect(resultAt(odd, proposal.proposalId)).toBe("no");
    await commit({ kind: "remove", member: target.id });
    const added = [{ proposalId: proposal.proposalId, request: removeRequest(target.id) }];
    expect(eventsOf(odd, "reconciled")).toMatchObject([{ added, dropped: [] }]);
    expect(odd.state.group?.members).toHaveLength(2);
  });

  test("is dropped by the only member that approved it", async () => {
    const invitation = await additionOf(world, stranger(1), "newcomer");
    await approve(world, invitation);
    const [alone, accused] = [target, odd];
    const proposal = await accuse(accused, alone);
    await receiveVote(world, alone, steward, proposal, true);
    await receiveVote(world, alone, accused, proposal, false);
    expect(resultAt(alone, proposal.proposalId)).toBe("yes");
    odd = alone;
    await commit({ kind: "add", keyPackage: invitation.keyPackage });
    const dropped = [{ proposalId: proposal.proposalId, request: removeRequest(accused.id) }];
    expect(eventsOf(alone, "reconciled")).toMatchObject([{ added: [], dropped }]);
    expect(alone.state).toMatchObject({
      phase: "working",
      changes: { approved: [], urgentTarget: undefined },
    });
    expect(alone.state.group?.members).toHaveLength(4);
  });
});
