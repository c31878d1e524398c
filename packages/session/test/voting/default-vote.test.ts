import { beforeEach, describe, expect, test } from "vitest";
import { deadlockRequest, type ChangeRequest, type EmergencyEvidence } from "../../src/model/request.js";
import {
  advance,
  alter,
  ban,
  emergenciesOf,
  eventsOf,
  forgedProposal,
  fork,
  gather,
  join,
  type Member,
  scoreOf,
  sendUnchecked,
  settle,
  signedVote,
  vote,
  type World,
} from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol", "mallory"]);

let world: World;
let alice: Member, bob: Member, carol: Member, mallory: Member;
let honest: Member[];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  [alice, bob, carol, mallory] = world.members as [Member, Member, Member, Member];
  honest = [alice, bob, carol];
});

/** Mallory proposes a request without her own session's checks; returns the default votes. */
async function defaults(request: ChangeRequest): Promise<readonly boolean[]> {
  const proposal = forgedProposal(world, mallory, request);
  const votes = [await signedVote(world, mallory.signer, proposal, true)];
  await sendUnchecked(world, mallory, { kind: "proposal", proposal: { ...proposal, votes } });
  await settle(world);
  return honest.map((member) => {
    const asked = eventsOf(member, "voteRequested").at(-1);
    expect(asked?.proposalId).toBe(proposal.proposalId);
    return asked?.defaultVote ?? true;
  });
}

const NO = [false, false, false];
const YES = [true, true, true];

describe("an emergency", () => {
  const evidence = (twist: Partial<EmergencyEvidence>): ChangeRequest => ({
    kind: "emergency",
    evidence: {
      violation: "brokenCommit",
      target: bob.id,
      payload: new Uint8Array(),
      epoch: 1n,
      creator: mallory.id,
      ...twist,
    },
  });

  test("by its genuine creator that the group rejects costs the creator fifty", async () => {
    const before = scoreOf(alice, mallory) ?? 0n;
    expect(await defaults(evidence({}))).toEqual(NO);
    const id = eventsOf(alice, "voteRequested").at(-1)?.proposalId ?? 0;
    for (const member of honest) await vote(world, member, id, false);
    await settle(world);
    for (const member of honest) expect(scoreOf(member, mallory)).toBe(before - 50n);
  });

  test("without evidence has the default vote no", async () => {
    expect(await defaults({ kind: "emergency", evidence: undefined })).toEqual(NO);
  });

  test("that requests recovery has the default vote no on members whose group works", async () => {
    expect(await defaults(deadlockRequest(mallory.id, 1n))).toEqual(NO);
    await advance(world, 60_000);
    for (const member of honest) expect(member.state.stewards.recovery).toBe(false);
  });

  test("that requests recovery has the configured default vote in reelection", async () => {
    for (const member of honest) member.state = { ...member.state, phase: "reelection" };
    expect(await defaults(deadlockRequest(mallory.id, 1n))).toEqual(YES);
  });

  test("that requests recovery has the configured default vote once all elections have failed", async () => {
    for (const member of honest) {
      const { stewards } = member.plugins;
      const once = stewards.bumpRetry(member.state.stewards.list).state;
      alter(member, "stewards", { list: stewards.bumpRetry(once).state });
    }
    expect(await defaults(deadlockRequest(mallory.id, 1n))).toEqual(YES);
  });

  test("without evidence blocks other proposals only during its vote", async () => {
    await defaults({ kind: "emergency", evidence: undefined });
    await advance(world, 10_000);
    for (const member of honest) {
      expect(eventsOf(member, "proposalDecided")).toMatchObject([{ result: "no" }]);
      expect(emergenciesOf(member).length).toBe(0);
    }
    expect(await ban(world, alice, carol)).toBeGreaterThan(0);
  });

  test("rejects commands for proposals of lower priority while it is open", async () => {
    await defaults(deadlockRequest(mallory.id, 1n));
    await expect(ban(world, alice, carol)).rejects.toMatchObject({
      code: "emergency-open",
    });
  });
});

test("has the default vote no if livenessCriteriaYes is false", async () => {
  const doubtful = await gather(["alice"], { config: { livenessCriteriaYes: false } });
  const [founder] = doubtful.members as [Member];
  await join(doubtful.world, "bob");
  await settle(doubtful.world);
  expect(eventsOf(founder, "voteRequested")).toMatchObject([{ defaultVote: false }]);
});
