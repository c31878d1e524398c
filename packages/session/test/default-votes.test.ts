import { ViolationType, type ConversationUpdateRequest, type ViolationEvidence } from "@demls/wire";
import { memberIdToBytes, type MemberId } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import { deadlockRequest, removeRequest } from "../src/update-request.js";
import { approve, keyPackageOf, stranger } from "./decree.js";
import { forgedProposal, signedVote } from "./forgery.js";
import {
  command,
  deliver,
  eventsOfKind,
  fork,
  garden,
  knock,
  propose,
  run,
  say,
  scoreOf,
  stewardsOf,
  type Member,
  type World,
} from "./world.js";

const settled = await garden(["alice", "bob", "carol", "mallory"]);

let world: World;
let alice: Member;
let bob: Member;
let carol: Member;
let mallory: Member;
let honest: Member[];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [alice, bob, carol, mallory] = world.members as [Member, Member, Member, Member];
  honest = [alice, bob, carol];
});

/** Mallory puts a request to the vote, past her own session; returns the votes that will be cast by default. */
async function defaults(request: ConversationUpdateRequest): Promise<readonly boolean[]> {
  const proposal = forgedProposal(world, mallory, request);
  const votes = [await signedVote(world, mallory.signer, proposal, true)];
  await say(world, mallory, { kind: "proposal", proposal: { ...proposal, votes } });
  await deliver(world);
  return honest.map((member) => {
    const asked = eventsOfKind(member, "voteRequested").at(-1);
    expect(asked?.proposalId).toBe(proposal.proposalId);
    return asked?.defaultVote ?? true;
  });
}

const NO = [false, false, false];
const YES = [true, true, true];
const STRANGER = "ab".repeat(20) as MemberId;

describe("a ban of someone who is not a member (W9)", () => {
  test("is refused when asked for", async () => {
    await expect(propose(world, alice, removeRequest(STRANGER))).rejects.toMatchObject({
      code: "not-a-member",
    });
    const ban = {
      kind: "ban_request",
      userToBan: memberIdToBytes(STRANGER),
      conversationName: "garden",
    } as const;
    await say(world, mallory, ban);
    await deliver(world);
    for (const { outcomes } of honest)
      expect(outcomes.at(-1)).toMatchObject({ kind: "rejected", reason: "not-a-member" });
  });

  test("is voted no when proposed all the same, and so refused", async () => {
    expect(await defaults(removeRequest(STRANGER))).toEqual(NO);
    await run(world, 10_000);
    for (const member of honest) {
      expect(eventsOfKind(member, "proposalDecided")).toMatchObject([{ result: "no" }]);
      expect(member.state.approved).toEqual([]);
    }
  });

  test("a ban of a member is voted as configured", async () => {
    expect(await defaults(removeRequest(carol.id))).toEqual(YES);
  });
});

describe("an invitation of someone whose invitation is under way (W10)", () => {
  const invitation = async (seed: string): Promise<ConversationUpdateRequest> => ({
    kind: "invite_member",
    keyPackageBytes: await keyPackageOf(world, stranger(1), seed),
    identity: stranger(1),
  });

  test.each(["the very same key package", "another one"])(
    "is voted no while one is open: %s",
    async (which) => {
      const first = await invitation("first");
      expect(await defaults(first)).toEqual(YES);
      expect(await defaults(which === "another one" ? await invitation("second") : first)).toEqual(NO);
    },
  );

  test.each(["the very same key package", "another one"])(
    "is voted no while one is approved: %s",
    async (which) => {
      const first = await invitation("first");
      await approve(world, first);
      expect(await defaults(which === "another one" ? await invitation("second") : first)).toEqual(NO);
    },
  );

  test("is voted as configured where it is somebody else's that is", async () => {
    await defaults(await invitation("first"));
    const keyPackageBytes = await keyPackageOf(world, stranger(2), "other");
    expect(await defaults({ kind: "invite_member", keyPackageBytes, identity: stranger(2) })).toEqual(YES);
  });
});

describe("an election (W7)", () => {
  const election = (
    proposed: readonly Member[],
    electionEpoch: bigint,
    retryRound = 0,
  ): ConversationUpdateRequest => ({
    kind: "steward_election",
    proposedStewards: proposed.map(({ id }) => memberIdToBytes(id)),
    electionEpoch,
    retryRound,
  });

  function listed(): Member[] {
    return stewardsOf(alice).map((id) => world.members.find((member) => member.id === id) as Member);
  }

  test("of oneself for a far epoch is voted no by everyone, and no list changes", async () => {
    const before = stewardsOf(alice);
    expect(await defaults(election([mallory], 100n))).toEqual(NO);
    await run(world, 5_000);
    for (const member of honest) {
      expect(eventsOfKind(member, "proposalDecided")).toMatchObject([{ result: "no" }]);
      expect(stewardsOf(member)).toEqual(before);
    }
  });

  test("that nobody would derive counts for no retry, and leads to no Deadlock", async () => {
    for (let i = 0; i < 3; i++) {
      await defaults(election([mallory], 100n));
      await run(world, 60_000);
    }
    for (const { plugins, state } of honest) {
      expect(plugins.stewards.retryRound(state.stewards)).toBe(0);
      expect(state.recovery).toBe(false);
      expect(state.phase).toBe("working");
    }
  });

  test("of oneself alone, of strangers, in another order or in no order is voted no", async () => {
    const [first, second] = listed() as [Member, Member];
    expect(await defaults(election([mallory], 1n))).toEqual(NO);
    expect(await defaults(election([second, first], 1n))).toEqual(NO);
    expect(await defaults(election([first], 1n))).toEqual(NO);
    expect(await defaults(election([], 1n))).toEqual(NO);
    expect(await defaults(election([first, second], 1n, 9))).toEqual(NO);
  });

  test("of the list that everyone derives is voted as configured", async () => {
    expect(await defaults(election(listed(), 1n))).toEqual(YES);
  });

  test("of a list that is not in its own order is never installed, even if it is voted in", async () => {
    const before = stewardsOf(alice);
    await defaults(election([...listed()].reverse(), 1n));
    const id = eventsOfKind(alice, "voteRequested").at(-1)?.proposalId ?? 0;
    for (const member of honest) await command(world, member, { kind: "vote", proposalId: id, vote: true });
    await deliver(world);
    for (const member of honest) {
      expect(eventsOfKind(member, "proposalDecided")).toMatchObject([{ result: "yes" }]);
      expect(stewardsOf(member)).toEqual(before);
      expect(eventsOfKind(member, "error")).toMatchObject([{ operation: "steward election" }]);
    }
  });
});

describe("an emergency", () => {
  const evidence = (twist: Partial<ViolationEvidence>): ConversationUpdateRequest => ({
    kind: "emergency_criteria",
    evidence: {
      violationType: ViolationType.BrokenCommit,
      targetMemberId: memberIdToBytes(bob.id),
      evidencePayload: new Uint8Array(),
      epoch: 1n,
      creatorMemberId: memberIdToBytes(mallory.id),
      ...twist,
    },
  });

  test("in one's own name that the group refuses costs its creator fifty", async () => {
    const before = scoreOf(alice, mallory) ?? 0n;
    expect(await defaults(evidence({}))).toEqual(YES);
    const id = eventsOfKind(alice, "voteRequested").at(-1)?.proposalId ?? 0;
    for (const member of honest) await command(world, member, { kind: "vote", proposalId: id, vote: false });
    await deliver(world);
    for (const member of honest) expect(scoreOf(member, mallory)).toBe(before - 50n);
  });

  test("without evidence is voted no", async () => {
    expect(await defaults({ kind: "emergency_criteria", evidence: undefined })).toEqual(NO);
  });

  test("that asks for recovery is voted no by whoever sees the group work", async () => {
    expect(await defaults(deadlockRequest(mallory.id, 1n))).toEqual(NO);
    await run(world, 60_000);
    for (const member of honest) expect(member.state.recovery).toBe(false);
  });

  test("that asks for recovery is voted as configured in reelection", async () => {
    for (const member of honest) member.state = { ...member.state, phase: "reelection" };
    expect(await defaults(deadlockRequest(mallory.id, 1n))).toEqual(YES);
  });

  test("that asks for recovery is voted as configured once all elections have failed", async () => {
    for (const member of honest) {
      const { stewards } = member.plugins;
      const once = stewards.bumpRetry(member.state.stewards).state;
      member.state = { ...member.state, stewards: stewards.bumpRetry(once).state };
    }
    expect(await defaults(deadlockRequest(mallory.id, 1n))).toEqual(YES);
  });

  test("without evidence holds up other proposals no longer than its vote", async () => {
    await defaults({ kind: "emergency_criteria", evidence: undefined });
    await run(world, 10_000);
    for (const member of honest) {
      expect(eventsOfKind(member, "proposalDecided")).toMatchObject([{ result: "no" }]);
      expect(member.state.activeEmergencies.size).toBe(0);
    }
    expect(await propose(world, alice, removeRequest(carol.id))).toBeGreaterThan(0);
  });

  test("while it is open, lesser proposals are refused to their asker", async () => {
    await defaults(deadlockRequest(mallory.id, 1n));
    await expect(propose(world, alice, removeRequest(carol.id))).rejects.toMatchObject({
      code: "emergency-open",
    });
  });
});

test("where silence counts as no, the vote cast for a silent member is no", async () => {
  const doubtful = await garden(["alice"], { config: { livenessCriteriaYes: false } });
  const [founder] = doubtful.members as [Member];
  await knock(doubtful.world, "bob");
  await deliver(doubtful.world);
  expect(eventsOfKind(founder, "voteRequested")).toMatchObject([{ defaultVote: false }]);
});
