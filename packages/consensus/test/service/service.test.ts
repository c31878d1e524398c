import { describe, expect, it } from "vitest";
import { foldProposalId, p2pConsensusConfig } from "../../src/index.js";
import { createMemoryConsensusStorage, type ConsensusService } from "../../src/service/index.js";
import { inventedVote, NOW, testSigner, voterId } from "../fixtures.js";
import {
  createWorld,
  eventsOf,
  memberService,
  proposalRequest,
  trustingService,
} from "./service-fixtures.js";

const GARDEN = "garden";

/** Feeds votes of invented voters to one proposal. */
async function feed(service: ConsensusService, proposalId: number, choices: readonly boolean[]) {
  const outcomes = [];
  for (const [voter, choice] of choices.entries()) {
    outcomes.push(await service.processIncomingVote(GARDEN, inventedVote(voter, choice, proposalId)));
  }
  return outcomes;
}

describe("members that exchange proposals and votes", () => {
  it("reach the same decision, published once at each", async () => {
    const world = createWorld();
    const members = [0, 1, 2].map((index) => memberService(world, index));
    const [alice, bob, carol] = members as [ConsensusService, ConsensusService, ConsensusService];
    const heard = members.map(eventsOf);
    const { proposalId } = await alice.createProposal(GARDEN, proposalRequest());
    const proposal = await alice.castVoteAndGetProposal(GARDEN, proposalId, true);
    expect(proposal).toMatchObject({ round: 2, proposalOwner: testSigner(0).identity });
    expect(proposal.votes).toHaveLength(1);

    expect(await bob.processIncomingProposal(GARDEN, proposal)).toEqual({ kind: "accepted" });
    expect(await carol.processIncomingProposal(GARDEN, proposal)).toEqual({ kind: "accepted" });
    const vote = await bob.castVote(GARDEN, proposalId, true);
    const decision = { proposalId, result: "yes" };
    expect(await alice.processIncomingVote(GARDEN, vote)).toEqual({ kind: "accepted", decision });
    expect(await carol.processIncomingVote(GARDEN, vote)).toEqual({ kind: "accepted", decision });

    const late = await carol.castVote(GARDEN, proposalId, false);
    expect(await alice.processIncomingVote(GARDEN, late)).toEqual({ kind: "accepted", decision });
    expect(await alice.handleTimeout(GARDEN, proposalId)).toEqual({ kind: "decided", decision });
    for (const events of heard) {
      const event = {
        kind: "reached",
        conversationId: GARDEN,
        proposalId,
        result: "yes",
        timestampSeconds: NOW,
      };
      expect(events).toEqual([event]);
    }
  });

  it("reject a vote signed by another member or not signed", async () => {
    const world = createWorld();
    const [alice, bob] = [memberService(world, 0), memberService(world, 1)];
    const { proposalId } = await alice.createProposal(GARDEN, proposalRequest());
    const proposal = await alice.castVoteAndGetProposal(GARDEN, proposalId, true);
    await bob.processIncomingProposal(GARDEN, proposal);
    const vote = await bob.castVote(GARDEN, proposalId, true);
    const borrowed = { ...vote, signature: proposal.votes[0]?.signature ?? new Uint8Array() };
    const code = (of: typeof vote) => alice.processIncomingVote(GARDEN, of);
    expect(await code(borrowed)).toEqual({ kind: "rejected", code: "invalid-vote-signature" });
    expect(await code({ ...vote, signature: Uint8Array.of(1) })).toMatchObject({ code: "signature-scheme" });
    expect(await code({ ...vote, vote: false })).toMatchObject({ code: "invalid-vote-hash" });
    expect(await code({ ...vote, proposalId: 1 })).toMatchObject({ code: "session-not-found" });
    expect((await alice.tally(GARDEN, proposalId))?.yes).toBe(1);
  });

  it("share sessions of a shared storage, without losing or repeating votes", async () => {
    const world = createWorld();
    const storage = createMemoryConsensusStorage();
    const members = [...Array(10).keys()].map((index) => memberService(world, index, { storage }));
    const request = proposalRequest({ expectedVoters: 10, livenessCriteriaYes: false });
    const { proposalId } = await (members[0] as ConsensusService).createProposal(GARDEN, request);
    await Promise.all(members.slice(0, 6).map((member) => member.castVote(GARDEN, proposalId, true)));
    const again = members.map(() => (members[9] as ConsensusService).castVote(GARDEN, proposalId, false));
    const settled = await Promise.allSettled(again);
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of settled) {
      if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "duplicate-vote" });
    }
    expect(await (members[1] as ConsensusService).tally(GARDEN, proposalId)).toMatchObject({ yes: 6, no: 1 });
  });

  it("use separate scopes of a shared storage", async () => {
    const world = createWorld();
    const storage = createMemoryConsensusStorage();
    const [alice, bob] = [0, 1].map((index) =>
      memberService(world, index, { storage, scope: (id) => `${index}/${id}` }),
    ) as [ConsensusService, ConsensusService];
    const { proposalId } = await alice.createProposal(GARDEN, proposalRequest());
    expect(await bob.tally(GARDEN, proposalId)).toBeUndefined();
    expect(await storage.sessions("0/garden")).toHaveLength(1);
  });
});

describe("an own proposal", () => {
  it("starts without a vote in the first round, with the requested lifetime", async () => {
    const service = memberService(createWorld(), 0);
    const proposal = await service.createProposal(GARDEN, proposalRequest());
    expect(proposal).toMatchObject({ round: 1, votes: [], timestamp: NOW, expirationTimestamp: NOW + 600n });
    expect(proposal.livenessCriteriaYes).toBe(true);
  });

  it("has the given owner and liveness", async () => {
    const service = memberService(createWorld(), 0);
    const request = proposalRequest({ owner: voterId(5), livenessCriteriaYes: false });
    const proposal = await service.createProposal(GARDEN, request);
    expect([proposal.proposalOwner, proposal.livenessCriteriaYes]).toEqual([voterId(5), false]);
  });

  it.each([
    ["invalid-expected-voters-count", { expectedVoters: 0 }],
    ["invalid-timeout", { expirationSeconds: 0n }],
  ])("is rejected with %s", async (code, changes) => {
    const service = memberService(createWorld(), 0);
    await expect(service.createProposal(GARDEN, proposalRequest(changes))).rejects.toMatchObject({ code });
    expect(await service.statistics(GARDEN)).toMatchObject({ total: 0 });
  });

  it("is rejected if its id is in use, and the first proposal stays", async () => {
    const sameAgain = { bytes: (length: number) => new Uint8Array(length) };
    const service = trustingService(createWorld(), { random: sameAgain });
    const { proposalId } = await service.createProposal(GARDEN, proposalRequest());
    expect(proposalId).toBe(foldProposalId(new Uint8Array(16)));
    await feed(service, proposalId, [true]);
    const second = service.createProposal(GARDEN, proposalRequest());
    await expect(second).rejects.toMatchObject({ code: "proposal-already-exist" });
    expect((await service.tally(GARDEN, proposalId))?.yes).toBe(1);
  });

  it("is rejected with an invalid configuration", async () => {
    const service = memberService(createWorld(), 0);
    const created = service.createProposal(GARDEN, proposalRequest(), {
      ...p2pConsensusConfig,
      threshold: 2,
    });
    await expect(created).rejects.toMatchObject({ code: "invalid-consensus-threshold" });
  });
});

describe("an own vote", () => {
  it.each([
    ["session-not-found", async () => 404],
    [
      "proposal-expired",
      async (service: ConsensusService, world: ReturnType<typeof createWorld>) => {
        const { proposalId } = await service.createProposal(GARDEN, proposalRequest());
        world.pass(600);
        return proposalId;
      },
    ],
    [
      "user-already-voted",
      async (service: ConsensusService) => {
        const { proposalId } = await service.createProposal(GARDEN, proposalRequest());
        await service.castVote(GARDEN, proposalId, true);
        return proposalId;
      },
    ],
    [
      "session-not-active",
      async (service: ConsensusService) => {
        const request = proposalRequest({ expectedVoters: 4, livenessCriteriaYes: false });
        const { proposalId } = await service.createProposal(GARDEN, request);
        await feed(service, proposalId, [true, true]);
        await service.handleTimeout(GARDEN, proposalId);
        return proposalId;
      },
    ],
  ] as const)("is refused as %s before anybody is asked to sign", async (code, prepare) => {
    const world = createWorld();
    const asked: Uint8Array[] = [];
    const { identity, sign } = testSigner(0);
    const signer = {
      identity,
      sign(message: Uint8Array) {
        asked.push(message);
        return sign(message);
      },
    };
    const service = trustingService(world, { signer });
    const proposalId = await prepare(service, world);
    asked.length = 0;
    await expect(service.castVote(GARDEN, proposalId, true)).rejects.toMatchObject({ code });
    expect(asked).toEqual([]);
  });

  it("is rejected if the deadline passed during signing", async () => {
    const world = createWorld();
    const signer = {
      identity: testSigner(0).identity,
      async sign(message: Uint8Array) {
        world.pass(601);
        return testSigner(0).sign(message);
      },
    };
    const service = memberService(world, 0, { signer });
    const { proposalId } = await service.createProposal(GARDEN, proposalRequest());
    const code = "proposal-expired";
    await expect(service.castVote(GARDEN, proposalId, true)).rejects.toMatchObject({ code });
  });

  it("is accepted as a late vote on a decided proposal, without counting", async () => {
    const service = trustingService(createWorld());
    const { proposalId } = await service.createProposal(GARDEN, proposalRequest());
    await feed(service, proposalId, [false, false, false]);
    expect(await service.castVote(GARDEN, proposalId, true)).toMatchObject({ vote: true });
    expect(await service.tally(GARDEN, proposalId)).toMatchObject({ state: "no", yes: 0 });
  });

  it("passes on the signer's error, and rejects an empty signature", async () => {
    const { identity } = testSigner(0);
    const declining = memberService(createWorld(), 0, {
      signer: { identity, sign: () => Promise.reject(new Error("declined")) },
    });
    const empty = memberService(createWorld(), 0, { signer: { identity, sign: () => new Uint8Array() } });
    for (const [service, error] of [
      [declining, new Error("declined")],
      [empty, expect.objectContaining({ code: "empty-signature" })],
    ] as const) {
      const { proposalId } = await service.createProposal(GARDEN, proposalRequest());
      await expect(service.castVote(GARDEN, proposalId, true)).rejects.toEqual(error);
      expect((await service.tally(GARDEN, proposalId))?.votes).toEqual([]);
    }
  });
});

describe("a proposal from the network", () => {
  it("is accepted once, and rejected when expired", async () => {
    const world = createWorld();
    const proposal = await memberService(world, 1).createProposal(GARDEN, proposalRequest());
    const service = memberService(world, 0);
    expect(await service.processIncomingProposal(GARDEN, proposal)).toEqual({ kind: "accepted" });
    const again = await service.processIncomingProposal(GARDEN, proposal);
    expect(again).toEqual({ kind: "rejected", code: "proposal-already-exist" });
    world.pass(600);
    const late = await memberService(world, 2).processIncomingProposal(GARDEN, proposal);
    expect(late).toEqual({ kind: "rejected", code: "proposal-expired" });
  });

  it("is accepted once, even if received twice concurrently", async () => {
    const world = createWorld();
    const proposal = await memberService(world, 1).createProposal(GARDEN, proposalRequest());
    const service = memberService(world, 0);
    const both = await Promise.all([1, 2].map(() => service.processIncomingProposal(GARDEN, proposal)));
    expect(both.map(({ kind }) => kind).sort()).toEqual(["accepted", "rejected"]);
  });

  it.each([
    ["the longest that a timer waits where it claims more", 2n ** 64n - 1n, 2 ** 31 - 1],
    ["its lifetime where a timer can wait as long", NOW + 2_147_483n, 2_147_483_000],
  ])("has as its timeout %s", async (_what, expirationTimestamp, timeoutMs) => {
    const world = createWorld();
    const proposal = await memberService(world, 1).createProposal(GARDEN, proposalRequest());
    const service = memberService(world, 0);
    await service.processIncomingProposal(GARDEN, { ...proposal, expirationTimestamp });
    expect(await service.proposalConfig(GARDEN, proposal.proposalId)).toMatchObject({ timeoutMs });
  });

  it("is decided at once by its votes", async () => {
    const world = createWorld();
    const alice = memberService(world, 1);
    const { proposalId } = await alice.createProposal(GARDEN, proposalRequest({ expectedVoters: 1 }));
    const proposal = await alice.castVoteAndGetProposal(GARDEN, proposalId, false);
    const service = memberService(world, 0);
    const events = eventsOf(service);
    const decision = { proposalId, result: "no" };
    expect(await service.processIncomingProposal(GARDEN, proposal)).toEqual({ kind: "accepted", decision });
    expect(events).toMatchObject([{ kind: "reached", proposalId, result: "no" }]);
  });

  it("is dropped with all votes if one is invalid", async () => {
    const world = createWorld();
    const proposal = await memberService(world, 1).createProposal(GARDEN, proposalRequest());
    const service = memberService(world, 0);
    const votes = [inventedVote(1, true, proposal.proposalId)];
    const outcome = await service.processIncomingProposal(GARDEN, { ...proposal, votes });
    expect(outcome).toEqual({ kind: "rejected", code: "signature-scheme" });
    expect(await service.tally(GARDEN, proposal.proposalId)).toBeUndefined();
  });
});

// Electorate, liveness, votes and result at the deadline, from the tests of hashgraph-like-consensus 0.4.0.
describe("a proposal at its deadline", () => {
  it.each([
    ["1 yes of 4, where silence is yes", 4, true, [true], "yes"],
    ["1 yes and 2 nos of 4, where silence is no", 4, false, [true, false, false], "no"],
    ["2 yeses of 4, where silence is no", 4, false, [true, true], "failed"],
    ["no vote of 3, where silence is yes", 3, true, [], "yes"],
    ["no vote of 3, where silence is no", 3, false, [], "no"],
    ["2 yeses and 2 nos of 4, where silence is yes", 4, true, [true, true, false, false], "yes"],
    ["1 yes of 2", 2, true, [true], "failed"],
  ])("with %s", async (_votes, expectedVoters, livenessCriteriaYes, choices, result) => {
    const service = trustingService(createWorld());
    const events = eventsOf(service);
    const request = proposalRequest({ expectedVoters, livenessCriteriaYes });
    const { proposalId } = await service.createProposal(GARDEN, request);
    await feed(service, proposalId, choices);
    const decided = { kind: "decided", decision: { proposalId, result } };
    expect(await service.handleTimeout(GARDEN, proposalId)).toEqual(decided);
    expect(await service.handleTimeout(GARDEN, proposalId)).toEqual(decided);
    expect(events).toHaveLength(1);
    expect(events[0]?.kind).toBe(result === "failed" ? "failed" : "reached");
    expect((await service.tally(GARDEN, proposalId))?.state).toBe(result);
  });

  it("is rejected if it or its conversation is unknown", async () => {
    const service = trustingService(createWorld());
    const unknown = { kind: "rejected", code: "session-not-found" };
    expect(await service.handleTimeout(GARDEN, 1)).toEqual(unknown);
    await service.createProposal(GARDEN, proposalRequest());
    expect(await service.handleTimeout(GARDEN, 1)).toEqual(unknown);
  });

  it("is counted again if its rounds failed it", async () => {
    const service = trustingService(createWorld());
    const events = eventsOf(service);
    await service.configure(GARDEN, { networkType: "p2p", maxRounds: 1 });
    const { proposalId } = await service.createProposal(GARDEN, proposalRequest());
    const [, second] = await feed(service, proposalId, [true, true]);
    expect(second).toEqual({ kind: "rejected", code: "max-rounds-exceeded" });
    expect((await service.tally(GARDEN, proposalId))?.state).toBe("failed");
    expect(events).toMatchObject([{ kind: "failed", proposalId }]);
    await service.handleTimeout(GARDEN, proposalId);
    expect(events.slice(1)).toMatchObject([{ kind: "reached", result: "yes" }]);
  });
});

describe("a proposal failed by its rounds", () => {
  it("is published as failed once, by the vote that failed it", async () => {
    const service = trustingService(createWorld());
    const events = eventsOf(service);
    await service.configure(GARDEN, { networkType: "p2p", threshold: 1, maxRounds: 1 });
    const { proposalId } = await service.createProposal(GARDEN, proposalRequest());
    const [, second, third] = await feed(service, proposalId, [false, true, true]);
    expect(second).toEqual({ kind: "rejected", code: "max-rounds-exceeded" });
    expect(third).toMatchObject({ kind: "rejected" });
    const told = [{ kind: "failed", conversationId: GARDEN, proposalId, timestampSeconds: NOW }];
    expect(events).toEqual(told);
    const decision = { proposalId, result: "failed" };
    expect(await service.handleTimeout(GARDEN, proposalId)).toEqual({ kind: "decided", decision });
    expect(events).toEqual(told);
  });

  it("is published as failed by an own vote too", async () => {
    const service = trustingService(createWorld());
    const events = eventsOf(service);
    await service.configure(GARDEN, { networkType: "p2p", maxRounds: 1 });
    const { proposalId } = await service.createProposal(GARDEN, proposalRequest());
    await feed(service, proposalId, [true]);
    const own = service.castVote(GARDEN, proposalId, true);
    await expect(own).rejects.toMatchObject({ code: "max-rounds-exceeded" });
    expect(events).toMatchObject([{ kind: "failed", proposalId }]);
  });
});

describe("a service with defaults", () => {
  it("publishes nothing while a proposal is open", async () => {
    const service = trustingService(createWorld());
    const events = eventsOf(service);
    const { proposalId } = await service.createProposal(GARDEN, proposalRequest({ expectedVoters: 4 }));
    await feed(service, proposalId, [true]);
    expect(events).toEqual([]);
  });

  it("returns nothing for unknown conversations", async () => {
    const service = trustingService(createWorld());
    const none = { total: 0, active: 0, reached: 0, failed: 0 };
    expect(await service.statistics("nowhere")).toEqual(none);
    expect(await service.activeProposals("nowhere")).toEqual([]);
    expect((await service.reachedProposals("nowhere")).size).toBe(0);
    expect(await service.tally("nowhere", 1)).toBeUndefined();
    expect(await service.proposalConfig("nowhere", 1)).toBeUndefined();
    await expect(service.deleteScope("nowhere")).resolves.toBeUndefined();
  });

  it("rejects a limit of no sessions", () => {
    const make = () => trustingService(createWorld(), { maxSessionsPerScope: 0 });
    expect(make).toThrow(expect.objectContaining({ code: "invalid-max-sessions" }));
  });
});

describe("a service's conversations", () => {
  it("are kept apart", async () => {
    const service = trustingService(createWorld());
    const { proposalId } = await service.createProposal(GARDEN, proposalRequest());
    expect(await service.tally("meadow", proposalId)).toBeUndefined();
    const vote = inventedVote(1, true, proposalId);
    expect(await service.processIncomingVote("meadow", vote)).toMatchObject({ code: "session-not-found" });
  });

  it("report open proposals and decisions", async () => {
    const service = trustingService(createWorld());
    const create = async (expectedVoters: number) =>
      (await service.createProposal(GARDEN, proposalRequest({ expectedVoters }))).proposalId;
    const [accepted, refused, open] = [await create(1), await create(1), await create(3)];
    await feed(service, accepted, [true]);
    await feed(service, refused, [false]);
    const reached = await service.reachedProposals(GARDEN);
    expect([...reached]).toEqual([
      [accepted, "yes"],
      [refused, "no"],
    ]);
    expect((await service.activeProposals(GARDEN)).map(({ proposalId }) => proposalId)).toEqual([open]);
  });

  it("are deleted completely, and can be recreated", async () => {
    const service = trustingService(createWorld());
    await service.configure(GARDEN, { threshold: 0.9 });
    const proposal = await service.createProposal(GARDEN, proposalRequest());
    await feed(service, proposal.proposalId, [true, true]);
    await service.deleteScope(GARDEN);
    expect(await service.statistics(GARDEN)).toMatchObject({ total: 0 });
    expect((await service.config(GARDEN)).threshold).toBe(2 / 3);
    expect(await service.processIncomingProposal(GARDEN, proposal)).toEqual({ kind: "accepted" });
  });
});
