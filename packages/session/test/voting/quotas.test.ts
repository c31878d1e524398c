import type { Packet } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import type { CompatibilityMode } from "../../src/index.js";
import { LIMITS } from "../../src/step/index.js";
import { removeRequest, scoreRemovalRequest } from "../../src/model/request.js";
import {
  additionOf,
  advance,
  agreeOnScore,
  ban,
  defaultVotesOf,
  deliver,
  emergenciesOf,
  eventsOf,
  forgedProposal,
  gatherInEachMode,
  type Letter,
  type Member,
  propose,
  receive,
  resultAt,
  sealed,
  settle,
  shareEpoch,
  signedVote,
  stranger,
  type World,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "dave", "mallory"], { fakes: true });

async function open(mode: CompatibilityMode) {
  const { world, members } = await inMode(mode);
  const [alice, bob, carol, dave, mallory] = members as [Member, Member, Member, Member, Member];
  return { world, members, alice, bob, carol, dave, mallory };
}

function isAskedFor(member: Member, proposalId: number): boolean {
  return eventsOf(member, "voteRequested").some((asked) => asked.proposalId === proposalId);
}

function resultsAt(member: Member): ReadonlyMap<number, string> {
  return new Map(eventsOf(member, "proposalDecided").map(({ proposalId, result }) => [proposalId, result]));
}

async function proposeInvitation(world: World, member: Member, number: number): Promise<number> {
  return propose(world, member, await additionOf(world, stranger(number), `newcomer ${number}`));
}

describe("While an emergency is open", () => {
  async function emergency(mode: CompatibilityMode) {
    const { world, alice, bob, carol, dave, mallory } = await open(mode);
    const accusation = forgedProposal(world, bob, scoreRemovalRequest(bob.id, dave.id, -1n, 1n));
    await receive(world, alice, await sealed(bob, { kind: "proposal", proposal: accusation }));
    const give = async (request: Parameters<typeof forgedProposal>[2]) => {
      const proposal = forgedProposal(world, mallory, request);
      const outcome = await receive(world, alice, await sealed(mallory, { kind: "proposal", proposal }));
      const { proposalId } = proposal;
      return { outcome, proposalId, result: resultAt(alice, proposalId) };
    };
    return { world, alice, carol, mallory, give };
  }

  const election = {
    kind: "electStewards",
    stewards: [],
    electionEpoch: 9n,
    retryRound: 0,
  } as const;

  test("de-mls-3: other members' proposals of lower priority are accepted, as by 3.0.0 members", async () => {
    const { carol, give } = await emergency("de-mls-3");
    for (const request of [removeRequest(carol.id), election])
      expect(await give(request)).toMatchObject({ outcome: { kind: "accepted" }, result: "active" });
  });

  test("strict: proposals of lower priority have the default vote no without a request; another emergency has a request", async () => {
    const { alice, carol, mallory, give } = await emergency("strict");
    for (const request of [removeRequest(carol.id), election]) {
      const { outcome, result, proposalId } = await give(request);
      expect({ outcome, result }).toMatchObject({ outcome: { kind: "accepted" }, result: "active" });
      expect(isAskedFor(alice, proposalId)).toBe(false);
      expect(defaultVotesOf(alice).get(proposalId)).toMatchObject({ vote: false });
    }
    const other = await give(scoreRemovalRequest(mallory.id, carol.id, -1n, 1n));
    expect(isAskedFor(alice, other.proposalId)).toBe(true);
    expect(emergenciesOf(alice).length).toBe(2);
  });

  test("strict: all members get the same result in any order of arrival", async () => {
    const { world, members, alice, bob, carol, dave, mallory } = await open("strict");
    agreeOnScore(world, dave, -1n);
    const epoch = bob.state.group?.epoch ?? 0n;
    await propose(world, bob, scoreRemovalRequest(bob.id, dave.id, -1n, epoch));
    const lesser = await ban(world, mallory, bob);
    const heardFirst = ({ from, to }: Letter) => (from === bob) === [alice, mallory].includes(to);
    await deliver(world, heardFirst);
    await settle(world);
    expect([alice, carol].map((member) => isAskedFor(member, lesser))).toEqual([false, true]);
    await advance(world, 600_000);
    expect(resultsAt(carol).get(lesser)).toBeDefined();
    const present = members.filter(({ state }) => state.phase !== "ended");
    for (const member of present) expect(resultsAt(member)).toEqual(resultsAt(alice));
    expect(shareEpoch(present)).toBe(true);
  });

  test("strict: a leave, which has no vote, is accepted", async () => {
    const { world, alice, mallory } = await emergency("strict");
    const leave = forgedProposal(world, mallory, removeRequest(mallory.id), { expectedVotersCount: 1 });
    const votes = [await signedVote(world, mallory.signer, leave, true)];
    const packet = await sealed(mallory, { kind: "proposal", proposal: { ...leave, votes } });
    expect(await receive(world, alice, packet)).toMatchObject({ kind: "accepted" });
    expect(alice.state.changes.approved).toMatchObject([{ proposalId: leave.proposalId }]);
  });
});

describe("One member's open proposals", () => {
  async function flood(mode: CompatibilityMode) {
    const { world, alice, bob, mallory } = await open(mode);
    const outcomes: unknown[] = [];
    for (let i = 0; i <= LIMITS.openProposalsPerMember; i++) {
      const proposal = forgedProposal(world, mallory, removeRequest(bob.id));
      const outcome = await receive(world, alice, await sealed(mallory, { kind: "proposal", proposal }));
      outcomes.push(outcome.kind === "rejected" ? outcome.reason : outcome.kind);
    }
    return { world, alice, bob, outcomes };
  }

  test("de-mls-3: are unlimited, as in 3.0.0", async () => {
    const { outcomes } = await flood("de-mls-3");
    expect(new Set(outcomes)).toEqual(new Set(["accepted"]));
  });

  test("strict: beyond a bound all have the default vote no, without a vote request", async () => {
    const { alice, outcomes } = await flood("strict");
    expect(new Set(outcomes)).toEqual(new Set(["accepted"]));
    expect(eventsOf(alice, "voteRequested")).toHaveLength(LIMITS.openProposalsPerMember);
    const votes = [...defaultVotesOf(alice).values()].map(({ vote }) => vote);
    expect(votes).toEqual(Array.from(outcomes, () => false));
  });

  test("strict: evict no other member's vote", async () => {
    const { world, alice, bob, mallory } = await open("strict");
    const first = await proposeInvitation(world, bob, 1);
    await settle(world);
    for (let i = 0; i < 40; i++) {
      const proposal = forgedProposal(world, mallory, removeRequest(bob.id));
      await receive(world, alice, await sealed(mallory, { kind: "proposal", proposal }));
    }
    expect(resultAt(alice, first)).toBe("active");
    const { consensus } = alice.plugins;
    expect(consensus.proposals(alice.state.votes.sessions)).toHaveLength(
      1 + LIMITS.rememberedProposalsPerMember,
    );
  });

  test.each([9, 20])(
    "strict: %i of them lead to the same state, with the last ones in different orders",
    async (count) => {
      const { world, alice, bob, carol, dave, mallory } = await open("strict");
      const packets: Packet[] = [];
      const ids: number[] = [];
      for (let i = 0; i < count; i++) {
        const request = await additionOf(world, stranger(i), `newcomer ${i}`);
        const proposal = forgedProposal(world, mallory, request);
        const votes = [await signedVote(world, mallory.signer, proposal, true)];
        ids.push(proposal.proposalId);
        packets.push(await sealed(mallory, { kind: "proposal", proposal: { ...proposal, votes } }));
      }
      const turned = [...packets.slice(0, -4), ...packets.slice(-4).reverse()];
      for (const member of [alice, bob, carol, dave]) {
        for (const packet of member === alice || member === bob ? packets : turned)
          await receive(world, member, packet);
      }
      const honest = [alice, bob, carol, dave];
      await advance(world, 600_000);
      const results = honest.map((member) => ids.map((id) => resultsAt(member).get(id)));
      expect(results.flat()).not.toContain("yes");
      for (const others of results) expect(others).toEqual(results[0]);
      expect(shareEpoch(honest)).toBe(true);
    },
  );

  test("strict: are half as many for its own commands, with an error, whatever others have open", async () => {
    const { world, alice, bob } = await open("strict");
    await proposeInvitation(world, bob, 99);
    await settle(world);
    for (let i = 0; i < LIMITS.openProposalsPerMember / 2; i++) await proposeInvitation(world, alice, i);
    await expect(proposeInvitation(world, alice, 50)).rejects.toMatchObject({ code: "too-many-proposals" });
  });

  test("de-mls-3: are as many as there are session slots for its own commands", async () => {
    const { world, alice } = await open("de-mls-3");
    for (let i = 0; i < 10; i++) await proposeInvitation(world, alice, i);
    await expect(proposeInvitation(world, alice, 50)).rejects.toMatchObject({ code: "too-many-votes" });
  });
});
