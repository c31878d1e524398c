import {
  createEthereumSigner,
  createHashgraphConsensus,
  ethereumVerifier,
  selfLeaveProposalId,
} from "@demls/consensus";
import { memberIdToBytes } from "@demls/wire/core";
import type { Proposal } from "@demls/wire";
import { beforeEach, describe, expect, test } from "vitest";
import type { CompatibilityMode } from "../../src/index.js";
import { removeRequest } from "../../src/model/request.js";
import {
  alter,
  broadcast,
  encodeStateButGroup,
  eventsOf,
  forgedProposal,
  gatherInEachMode,
  type Member,
  MODES,
  propose,
  receive,
  sealed,
  sendUnchecked,
  settle,
  signedVote,
  type World,
} from "../harness/index.js";

const gardenIn = await gatherInEachMode(["alice", "bob", "carol", "dave", "mallory"]);

let world: World;
let alice: Member, bob: Member, carol: Member, mallory: Member;
let honest: Member[];

async function enter(mode: CompatibilityMode): Promise<void> {
  ({ world } = await gardenIn(mode));
  [alice, bob, carol, , mallory] = world.members as [Member, Member, Member, Member, Member];
  honest = world.members.filter((member) => member !== mallory);
}

function votesOn(member: Member, proposalId: number): number {
  return member.plugins.consensus.tally(member.state.votes.sessions, proposalId)?.votes.length ?? 0;
}

/** Outcome of a rejected proposal on every honest member, without other changes. */
async function refusals(proposal: Proposal): Promise<Set<unknown>> {
  const packet = await sealed(mallory, { kind: "proposal", proposal });
  const said = new Set<unknown>();
  for (const member of honest) {
    const before = encodeStateButGroup(member.state, member.mls);
    const outcome = await receive(world, member, packet);
    expect(encodeStateButGroup(member.state, member.mls)).toBe(before);
    expect(outcome).toMatchObject({ kind: "rejected", sender: mallory.id });
    said.add(outcome.kind === "rejected" ? outcome.reason : outcome.kind);
  }
  return said;
}

describe("W1: sybil votes", () => {
  test("decide in 3.0.0, which verifies only a vote's own signature", async () => {
    await enter("de-mls-3");
    const proposal = forgedProposal(world, mallory, removeRequest(alice.id));
    const context = { nowSeconds: proposal.timestamp, verifier: ethereumVerifier };
    const consensus = createHashgraphConsensus();
    let { state } = await consensus.ingestProposal(consensus.empty(), proposal, context);
    for (let i = 1; i <= 4; i++) {
      const sybil = createEthereumSigner(mallory.random.bytes(32));
      const vote = await signedVote(world, sybil, proposal, true);
      ({ state } = await consensus.ingestVote(state, vote, context));
    }
    expect(consensus.tally(state, proposal.proposalId)?.state).toBe("yes");
  });
});

describe.each(MODES)("W1, %s: a vote counts only for the member that sent it", (mode) => {
  beforeEach(() => enter(mode));

  test("votes under fresh keys do not decide, in any number", async () => {
    const id = await propose(world, mallory, removeRequest(alice.id), "yes");
    await settle(world);
    const proposal = mallory.plugins.consensus.tally(mallory.state.votes.sessions, id)?.proposal as Proposal;
    for (let i = 1; i <= 4; i++) {
      const sybil = createEthereumSigner(mallory.random.bytes(32));
      await sendUnchecked(world, mallory, {
        kind: "vote",
        vote: await signedVote(world, sybil, proposal, true),
      });
    }
    await settle(world);
    for (const member of honest) {
      expect(votesOn(member, id)).toBe(1);
      expect(eventsOf(member, "proposalDecided")).toEqual([]);
      expect(member.outcomes.slice(-4)).toEqual(
        Array.from({ length: 4 }, () => ({ kind: "rejected", reason: "foreign-vote", sender: mallory.id })),
      );
    }
  });

  test("a genuine vote sent by another member is rejected without a trace", async () => {
    const id = await propose(world, mallory, removeRequest(alice.id), "deferred");
    await settle(world);
    const proposal = bob.plugins.consensus.tally(bob.state.votes.sessions, id)?.proposal as Proposal;
    const stolen = await signedVote(world, bob.signer, proposal, true);
    const packet = await sealed(mallory, { kind: "vote", vote: stolen });
    const before = encodeStateButGroup(carol.state, carol.mls);
    expect(await receive(world, carol, packet)).toEqual({
      kind: "rejected",
      reason: "foreign-vote",
      sender: mallory.id,
    });
    expect(encodeStateButGroup(carol.state, carol.mls)).toBe(before);
    expect(await receive(world, carol, await sealed(bob, { kind: "vote", vote: stolen }))).toMatchObject({
      kind: "accepted",
      what: "vote",
    });
  });

  test("a vote on an unknown proposal is rejected too if its owner is not the sender", async () => {
    const proposal = forgedProposal(world, mallory, removeRequest(alice.id));
    const vote = await signedVote(world, bob.signer, proposal, true);
    const outcome = await receive(world, alice, await sealed(mallory, { kind: "vote", vote }));
    expect(outcome).toMatchObject({ kind: "rejected", reason: "foreign-vote" });
    expect(alice.state.votes.bufferedVotes).toEqual([]);
  });

  test("a vote with another key's signature is rejected", async () => {
    const id = await propose(world, bob, removeRequest(alice.id), "deferred");
    await settle(world);
    const proposal = bob.plugins.consensus.tally(bob.state.votes.sessions, id)?.proposal as Proposal;
    const vote = await signedVote(world, mallory.signer, proposal, true);
    const signature = vote.signature.with(10, (vote.signature[10] ?? 0) ^ 1);
    const packet = await sealed(mallory, { kind: "vote", vote: { ...vote, signature } });
    expect(await receive(world, alice, packet)).toMatchObject({ kind: "rejected", reason: "consensus" });
    expect(votesOn(alice, id)).toBe(0);
  });

  test("the same vote twice counts once", async () => {
    const id = await propose(world, mallory, removeRequest(alice.id), "deferred");
    await settle(world);
    const proposal = mallory.plugins.consensus.tally(mallory.state.votes.sessions, id)?.proposal as Proposal;
    const vote = await signedVote(world, mallory.signer, proposal, true);
    await sendUnchecked(world, mallory, { kind: "vote", vote });
    await sendUnchecked(world, mallory, { kind: "vote", vote });
    await settle(world);
    for (const member of honest) {
      expect(votesOn(member, id)).toBe(1);
      expect(eventsOf(member, "voteCast")).toHaveLength(1);
      expect(member.outcomes.at(-1)).toMatchObject({ kind: "rejected", reason: "consensus" });
    }
  });
});

describe.each(MODES)("W1, %s: a proposal belongs to its sender", (mode) => {
  beforeEach(() => enter(mode));

  test("with votes of other members bundled is rejected, even genuine ones", async () => {
    const proposal = forgedProposal(world, mallory, removeRequest(alice.id));
    const own = await signedVote(world, mallory.signer, proposal, true);
    const stolen = await signedVote(world, bob.signer, proposal, true);
    expect(await refusals({ ...proposal, votes: [stolen] })).toEqual(new Set(["foreign-vote"]));
    expect(await refusals({ ...proposal, votes: [own, stolen] })).toEqual(new Set(["foreign-vote"]));
  });

  test("with two bundled votes of its sender is rejected before verification", async () => {
    const proposal = forgedProposal(world, mallory, removeRequest(alice.id));
    const own = await signedVote(world, mallory.signer, proposal, true);
    let verified = 0;
    for (const member of honest) {
      const verifier = { verify: () => (verified++, "valid" as const) };
      Object.assign(member, { plugins: { ...member.plugins, verifier } });
    }
    const votes = [own, { ...own, voteId: own.voteId + 1 }];
    expect(await refusals({ ...proposal, votes })).toEqual(new Set(["foreign-vote"]));
    expect(verified).toBe(0);
  });

  test("with bundled votes of fresh keys is rejected", async () => {
    const proposal = forgedProposal(world, mallory, removeRequest(alice.id));
    const sybil = createEthereumSigner(mallory.random.bytes(32));
    const votes = [await signedVote(world, sybil, proposal, true)];
    expect(await refusals({ ...proposal, votes })).toEqual(new Set(["foreign-vote"]));
  });

  test("with another member's name is rejected", async () => {
    const proposalOwner = memberIdToBytes(bob.id);
    const proposal = forgedProposal(world, mallory, removeRequest(alice.id), { proposalOwner });
    expect(await refusals(proposal)).toEqual(new Set(["foreign-proposal-owner"]));
  });

  test.each([0, 2, 3, 6, 50, 0xffff_ffff])(
    "with %i expected voters of five members is rejected: few would decide for all",
    async (expectedVotersCount) => {
      const proposal = forgedProposal(world, mallory, removeRequest(alice.id), { expectedVotersCount });
      const votes = [await signedVote(world, mallory.signer, proposal, true)];
      expect(await refusals({ ...proposal, votes })).toEqual(new Set(["wrong-expected-voters"]));
    },
  );

  test("with one voter is rejected for another member's removal", async () => {
    const proposal = forgedProposal(world, mallory, removeRequest(alice.id), { expectedVotersCount: 1 });
    const votes = [await signedVote(world, mallory.signer, proposal, true)];
    expect(await refusals({ ...proposal, votes })).toEqual(new Set(["unauthorized-fast-path"]));
  });

  test("with one voter is rejected for other requests", async () => {
    const election = {
      kind: "electStewards",
      stewards: [mallory.id],
      electionEpoch: 1n,
      retryRound: 0,
    } as const;
    const proposal = forgedProposal(world, mallory, election, { expectedVotersCount: 1 });
    const votes = [await signedVote(world, mallory.signer, proposal, true)];
    expect(await refusals({ ...proposal, votes })).toEqual(new Set(["unauthorized-fast-path"]));
  });

  test("with one voter for its sender's own removal is decided at once", async () => {
    const request = removeRequest(mallory.id);
    const proposal = forgedProposal(world, mallory, request, {
      expectedVotersCount: 1,
      proposalId: selfLeaveProposalId(mallory.id),
    });
    const votes = [await signedVote(world, mallory.signer, proposal, true)];
    broadcast(world, mallory, await sealed(mallory, { kind: "proposal", proposal: { ...proposal, votes } }));
    await settle(world);
    for (const member of honest) {
      expect(eventsOf(member, "proposalDecided")).toMatchObject([{ request, result: "yes" }]);
      expect(member.state.changes.approved).toMatchObject([{ request }]);
    }
  });

  test("that cannot be decoded is rejected", async () => {
    const proposal = forgedProposal(world, mallory, removeRequest(alice.id));
    expect(await refusals({ ...proposal, payload: Uint8Array.of(0xff) })).toEqual(
      new Set(["undecodable-request"]),
    );
    expect(await refusals({ ...proposal, payload: new Uint8Array() })).toEqual(
      new Set(["undecodable-request"]),
    );
  });

  test("that has expired is rejected", async () => {
    const expired = forgedProposal(world, mallory, removeRequest(alice.id));
    const { timestamp } = expired;
    expect(
      await refusals({ ...expired, timestamp: timestamp - 100n, expirationTimestamp: timestamp - 50n }),
    ).toEqual(new Set(["consensus"]));
  });

  test("with an open id is ignored, and with a decided id changes nothing", async () => {
    const id = await propose(world, bob, removeRequest(alice.id), "yes");
    await settle(world);
    const proposal = forgedProposal(world, mallory, removeRequest(carol.id), { proposalId: id });
    const packet = await sealed(mallory, { kind: "proposal", proposal });
    expect(await receive(world, alice, packet)).toEqual({ kind: "ignored", reason: "known-proposal" });
    alter(alice, "votes", { resolved: [id] });
    const again = await sealed(mallory, { kind: "proposal", proposal });
    expect(await receive(world, alice, again)).toEqual({ kind: "ignored", reason: "decided-proposal" });
  });
});
