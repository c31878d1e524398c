import { describe, expect, test } from "vitest";
import { LIMITS, type CompatibilityMode } from "../src/index.js";
import { removeRequest, scoreRemovalRequest } from "../src/update-request.js";
import { keyPackageOf, stranger } from "./decree.js";
import { forgedProposal, signedVote } from "./forgery.js";
import { gardenInEachMode, resultAt } from "./voting.js";
import { deliver, propose, receive, runUntil, sealed, type Member, type World } from "./world.js";

const enter = await gardenInEachMode(["alice", "bob", "carol", "dave", "mallory"]);

async function open(mode: CompatibilityMode) {
  const { world, members } = await enter(mode);
  const [alice, bob, carol, dave, mallory] = members as [Member, Member, Member, Member, Member];
  return { world, alice, bob, carol, dave, mallory };
}

async function proposeInvitation(world: World, member: Member, number: number): Promise<number> {
  const identity = stranger(number);
  const keyPackageBytes = await keyPackageOf(world, identity, `newcomer ${number}`);
  return propose(world, member, { kind: "invite_member", keyPackageBytes, identity });
}

describe("While an emergency is being voted on", () => {
  async function emergency(mode: CompatibilityMode) {
    const { world, alice, bob, carol, dave, mallory } = await open(mode);
    const accusation = forgedProposal(world, bob, scoreRemovalRequest(bob.id, dave.id, -1n, 1n));
    await receive(world, alice, await sealed(bob, { kind: "proposal", proposal: accusation }));
    const give = async (request: Parameters<typeof forgedProposal>[2]) => {
      const proposal = forgedProposal(world, mallory, request);
      const outcome = await receive(world, alice, await sealed(mallory, { kind: "proposal", proposal }));
      return { outcome, result: resultAt(alice, proposal.proposalId) };
    };
    return { world, alice, carol, mallory, accusation, give };
  }

  const election = {
    kind: "steward_election",
    proposedStewards: [],
    electionEpoch: 9n,
    retryRound: 0,
  } as const;

  test("de-mls-3: lesser proposals of others are taken, as by 3.0.0 members", async () => {
    const { carol, give } = await emergency("de-mls-3");
    for (const request of [removeRequest(carol.id), election])
      expect(await give(request)).toMatchObject({ outcome: { kind: "taken" }, result: "active" });
  });

  test("strict: lesser ones are dropped, and another emergency is not", async () => {
    const { alice, carol, mallory, give } = await emergency("strict");
    for (const request of [removeRequest(carol.id), election])
      expect(await give(request)).toEqual({
        outcome: { kind: "ignored", reason: "emergency-open" },
        result: undefined,
      });
    const other = scoreRemovalRequest(mallory.id, carol.id, -1n, 1n);
    expect(await give(other)).toMatchObject({ outcome: { kind: "taken" }, result: "active" });
    expect(alice.state.activeEmergencies.size).toBe(2);
  });

  test("strict: a leave is taken, on which nobody votes", async () => {
    const { world, alice, mallory } = await emergency("strict");
    const leave = forgedProposal(world, mallory, removeRequest(mallory.id), { expectedVotersCount: 1 });
    const votes = [await signedVote(world, mallory.signer, leave, true)];
    const packet = await sealed(mallory, { kind: "proposal", proposal: { ...leave, votes } });
    expect(await receive(world, alice, packet)).toMatchObject({ kind: "taken" });
    expect(alice.state.approved).toMatchObject([{ proposalId: leave.proposalId }]);
  });

  test("strict: what was dropped is taken when it is proposed again after the emergency", async () => {
    const { world, alice, carol, accusation, give } = await emergency("strict");
    await runUntil(world, () => resultAt(alice, accusation.proposalId) !== "active");
    expect(await give(removeRequest(carol.id))).toMatchObject({ outcome: { kind: "taken" } });
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

  test("de-mls-3: are taken in any number, as by 3.0.0 members", async () => {
    const { outcomes } = await flood("de-mls-3");
    expect(new Set(outcomes)).toEqual(new Set(["taken"]));
  });

  test("strict: are taken up to a bound, which leaves room for those of others", async () => {
    const { world, alice, bob, outcomes } = await flood("strict");
    expect(outcomes.filter((outcome) => outcome === "taken")).toHaveLength(LIMITS.openProposalsPerMember);
    expect(outcomes.at(-1)).toBe("too-many-proposals");
    const proposal = forgedProposal(world, bob, removeRequest(alice.id));
    const packet = await sealed(bob, { kind: "proposal", proposal });
    expect(await receive(world, alice, packet)).toMatchObject({ kind: "taken" });
  });

  test("strict: of its own a member opens half as many, and says so; those of others do not count", async () => {
    const { world, alice, bob } = await open("strict");
    await proposeInvitation(world, bob, 99);
    await deliver(world);
    for (let i = 0; i < LIMITS.openProposalsPerMember / 2; i++) await proposeInvitation(world, alice, i);
    await expect(proposeInvitation(world, alice, 50)).rejects.toMatchObject({ code: "too-many-proposals" });
  });

  test("de-mls-3: of its own a member opens as many as are remembered", async () => {
    const { world, alice } = await open("de-mls-3");
    for (let i = 0; i < 10; i++) await proposeInvitation(world, alice, i);
    await expect(proposeInvitation(world, alice, 50)).rejects.toMatchObject({ code: "too-many-votes" });
  });
});
