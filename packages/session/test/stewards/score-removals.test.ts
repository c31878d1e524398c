import { type MemberId } from "@demls/wire/core";
import { beforeEach, describe, expect, test } from "vitest";
import {
  accusation,
  advance,
  agreeOnScore,
  castOf,
  eventsOf,
  fork,
  gather,
  type Member,
  ownProposalsOf,
  propose,
  settle,
  take,
  until,
  vote,
  type World,
} from "../harness/index.js";
import { accusedOf, evidenceOf, removeRequest } from "../../src/model/request.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin", "frank"]);

let world: World;
let members: readonly Member[];
let listed: [Member, Member];
let bystanders: [Member, Member, Member, Member];

beforeEach(async () => {
  ({ world } = await fork(settled.world));
  members = [...world.members];
  const { stewards, others } = castOf(world);
  listed = stewards;
  bystanders = others as readonly Member[] as typeof bystanders;
});

/** Proposes an accusation that is rejected and costs its creator score, so that members check the scores. */
async function settleAnEmergency(creator: Member, accused: Member): Promise<void> {
  const id = await propose(world, creator, accusation(creator, accused));
  await settle(world);
  for (const member of members) if (member !== creator) await vote(world, member, id, false);
  await settle(world);
}

/** Proposers and targets of removals, as seen by this member. */
function removalsAskedFor(target: Member): readonly MemberId[] {
  return members.flatMap((member) =>
    eventsOf(member, "ownProposalSubmitted")
      .map(({ request }) => evidenceOf(request))
      .filter((evidence) => evidence?.violation === "scoreBelowThreshold" && evidence.target === target.id)
      .map(() => member.id),
  );
}

describe("a member whose score is at the threshold (check and initiate score removals)", () => {
  test("is proposed for removal by the stewards only, with the score as evidence", async () => {
    const [target, creator, accused, asked] = bystanders;
    agreeOnScore(world, target, 0n);
    await settleAnEmergency(creator, accused);
    expect([...removalsAskedFor(target)].sort()).toEqual(listed.map(({ id }) => id).sort());
    const request = eventsOf(asked, "voteRequested").at(-1)?.request;
    const evidence = request && evidenceOf(request);
    expect(evidence).toMatchObject({ epoch: 1n, payload: new Uint8Array(8) });
    expect(listed.map(({ id }) => id)).toContain(evidence?.creator);
  });

  test("above the threshold is not proposed", async () => {
    const [target, creator, accused] = bystanders;
    agreeOnScore(world, target, 1n);
    await settleAnEmergency(creator, accused);
    expect(removalsAskedFor(target)).toEqual([]);
  });

  test("is not proposed again while its vote is open", async () => {
    const [target, creator, accused] = bystanders;
    agreeOnScore(world, target, 0n);
    await settleAnEmergency(creator, accused);
    await settleAnEmergency(accused, creator);
    expect(removalsAskedFor(target)).toHaveLength(2);
  });

  test("is not proposed again while its removal is approved", async () => {
    const [target, creator, accused] = bystanders;
    agreeOnScore(world, target, 0n);
    await settleAnEmergency(creator, accused);
    // The removal is approved during a freeze without a commit, so it waits.
    world.arrives = ({ packet }) => packet.payload[0] === 0;
    await until(world, () => creator.state.changes.approved.length === 1);
    const asked = removalsAskedFor(target).length;
    for (const steward of listed) await take(world, steward, { kind: "tick" });
    expect(creator.state.changes.approved).toMatchObject([{ request: removeRequest(target.id) }]);
    expect(removalsAskedFor(target)).toHaveLength(asked);
  });

  test("does not propose its own removal as a steward; the other steward does", async () => {
    const [creator, accused] = bystanders;
    const [target, other] = listed;
    agreeOnScore(world, target, -10n);
    await settleAnEmergency(creator, accused);
    expect(removalsAskedFor(target)).toEqual([other.id]);
  });

  test("is proposed again later if the vote could not be opened", async () => {
    const [target, creator, accused] = bystanders;
    const [steward] = listed;
    agreeOnScore(world, target, 0n);
    steward.signsAtOnce = false;
    await settleAnEmergency(creator, accused);
    // The steward's own vote on the emergency comes first; the last request is its yes to the removal.
    const request = steward.unsigned.at(-1);
    if (request === undefined) throw new Error("No signature was asked for.");
    expect([...ownProposalsOf(steward).values()].map(accusedOf)).toContain(target.id);
    await take(world, steward, { kind: "signingFailed", requestId: request.requestId });
    expect([...ownProposalsOf(steward).values()].map(accusedOf)).not.toContain(target.id);
    expect(removalsAskedFor(target)).not.toContain(steward.id);
    steward.signsAtOnce = true;
    await settleAnEmergency(accused, creator);
    await advance(world, 0);
    expect(removalsAskedFor(target)).toContain(steward.id);
  });
});
