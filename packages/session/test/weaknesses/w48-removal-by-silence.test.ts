import { describe, expect, test } from "vitest";
import { removeRequest, scoreRemovalRequest } from "../../src/model/request.js";
import {
  advance,
  agreeOnScore,
  ban,
  castOf,
  eventsOf,
  forgedProposal,
  gatherInEachMode,
  MODES,
  proposalAt,
  propose,
  resultAt,
  scoreOf,
  sealed,
  settle,
  shareEpoch,
  signedVote,
  receive,
  until,
  vanish,
  vote,
  type Member,
} from "../harness/index.js";

const NAMES = ["alice", "bob", "carol", "dave", "erin"];

const inMode = await gatherInEachMode(NAMES);
const pairIn = await gatherInEachMode(["alice", "bob"]);

describe("W48: a removal while most members are away", () => {
  test("de-mls-3: is decided by the silence of the others, as in 3.0.0", async () => {
    const { world } = await inMode("de-mls-3");
    const [awake, target, ...away] = world.members as [Member, Member, ...Member[]];
    vanish(world, [target, ...away]);
    const id = await ban(world, awake, target);
    await until(world, () => resultAt(awake, id) === "yes");
  });

  test("strict: fails, and the ban may be proposed again", async () => {
    const { world } = await inMode("strict");
    const [awake, target, ...away] = world.members as [Member, Member, ...Member[]];
    vanish(world, [target, ...away]);
    const id = await ban(world, awake, target);
    await advance(world, 30_000);
    expect(eventsOf(awake, "proposalDecided")).toMatchObject([{ proposalId: id, result: "no" }]);
    expect(awake.state.changes.approved).toEqual([]);
    expect(awake.state.changes.pending.size).toBe(0);
    await expect(ban(world, awake, target)).resolves.not.toBe(id);
  });

  test("strict: is decided by the default votes of more than half of the voters", async () => {
    const { world } = await inMode("strict");
    const { others } = castOf(world);
    const [asker, target, away] = others;
    const present = vanish(world, [target, away]);
    const id = await ban(world, asker, target);
    await advance(world, 10_000);
    for (const member of present) {
      expect(resultAt(member, id)).toBe("yes");
      expect(eventsOf(member, "voteCast").filter(({ proposalId }) => proposalId === id)).toHaveLength(3);
    }
  });

  test("strict: half of the voters are not enough", async () => {
    const { world } = await inMode("strict");
    const [asker, target, ...others] = world.members as [Member, Member, Member, Member, Member];
    vanish(world, [target, ...others.slice(1)]);
    const id = await ban(world, asker, target);
    await advance(world, 30_000);
    for (const member of [asker, others[0]]) expect(resultAt(member, id)).toBe("no");
  });

  test("strict: a score removal fails without a charge to its creator, whom half of the voters did not oppose", async () => {
    const { world } = await inMode("strict");
    const [creator] = castOf(world).stewards;
    const [target, ...away] = world.members.filter((member) => member !== creator) as [Member, ...Member[]];
    agreeOnScore(world, target, -1n);
    vanish(world, [target, ...away]);
    const before = scoreOf(creator, creator);
    const epoch = creator.state.group?.epoch ?? 0n;
    const id = await propose(world, creator, scoreRemovalRequest(creator.id, target.id, -1n, epoch));
    await advance(world, 600_000);
    expect(eventsOf(creator, "proposalDecided")).toMatchObject([{ proposalId: id, result: "no" }]);
    expect(creator.state.changes.approved).toEqual([]);
    expect(scoreOf(creator, creator)).toBe(before);
  });

  test("strict: a score removal that half of the voters oppose is charged to its creator", async () => {
    const { world } = await inMode("strict");
    const [creator] = castOf(world).stewards;
    const [target, ...voters] = world.members.filter((member) => member !== creator) as [Member, ...Member[]];
    const before = scoreOf(creator, creator) ?? 0n;
    const epoch = creator.state.group?.epoch ?? 0n;
    await propose(world, creator, scoreRemovalRequest(creator.id, target.id, -1n, epoch));
    await advance(world, 60_000);
    for (const member of voters) expect(scoreOf(member, creator)).toBe(before - 50n);
  });
});

describe("W48: the target of a removal", () => {
  test("strict: has no vote, by hand, by default or received", async () => {
    const { world } = await inMode("strict");
    const [asker, target, reader] = world.members as [Member, Member, Member];
    const id = await ban(world, asker, target);
    await settle(world);
    expect(eventsOf(target, "voteRequested")).toEqual([]);
    await expect(vote(world, target, id, false)).rejects.toMatchObject({ code: "not-a-voter" });
    const proposal = proposalAt(target, id);
    expect(proposal).toMatchObject({ expectedVotersCount: 4, livenessCriteriaYes: false });
    const ballot = await signedVote(world, target.signer, proposal, false);
    expect(await receive(world, reader, await sealed(target, { kind: "vote", vote: ballot }))).toMatchObject({
      reason: "not-a-voter",
    });
  });

  test("strict: is removed from a group of two by the other's yes", async () => {
    const { world } = await pairIn("strict");
    const [alice, bob] = world.members as [Member, Member];
    vanish(world, [bob]);
    await ban(world, alice, bob);
    await until(world, () => alice.state.group?.members.length === 1);
  });
});

describe("W48: a proposal by which silence removes a member", () => {
  test.each([
    ["a ban", (_: Member, target: Member) => removeRequest(target.id)],
    ["a score removal", (from: Member, target: Member) => scoreRemovalRequest(from.id, target.id, -1n, 1n)],
  ])("strict: %s is rejected without a vote", async (_, requestOf) => {
    const { world } = await inMode("strict");
    const [alice, bob, carol, , mallory] = world.members as [Member, Member, Member, Member, Member];
    const twist = { livenessCriteriaYes: true };
    const proposal = forgedProposal(world, mallory, requestOf(mallory, bob), twist);
    const votes = [await signedVote(world, mallory.signer, proposal, true)];
    const packet = await sealed(mallory, { kind: "proposal", proposal: { ...proposal, votes } });
    for (const member of [alice, bob, carol]) {
      expect(await receive(world, member, packet)).toEqual({
        kind: "rejected",
        reason: "removal-by-silence",
        sender: mallory.id,
      });
      expect(resultAt(member, proposal.proposalId)).toBeUndefined();
    }
  });

  test("de-mls-3: is accepted, as in 3.0.0", async () => {
    const { world } = await inMode("de-mls-3");
    const [alice, bob, , , mallory] = world.members as [Member, Member, Member, Member, Member];
    const proposal = forgedProposal(world, mallory, removeRequest(bob.id));
    expect(await receive(world, alice, await sealed(mallory, { kind: "proposal", proposal }))).toMatchObject({
      kind: "accepted",
    });
  });
});

describe.each(MODES)("W48: with all members present (%s)", (mode) => {
  test("a ban passes by the default votes", async () => {
    const { world } = await inMode(mode);
    const [asker, target] = castOf(world).others;
    await ban(world, asker, target);
    const staying = world.members.filter((member) => member !== target);
    await until(world, () => staying.every(({ state }) => state.group?.members.length === 4));
    expect(shareEpoch(staying)).toBe(true);
  });
});
