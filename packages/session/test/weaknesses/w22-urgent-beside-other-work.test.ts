import { COMMIT_BATCH_MAX } from "@demls/steward";
import { describe, expect, test } from "vitest";
import type { CompatibilityMode } from "../../src/index.js";
import { removeRequest, scoreRemovalRequest, type ChangeRequest } from "../../src/model/request.js";
import {
  accusation,
  additionOf,
  agreeOnScore,
  approve,
  approveBan,
  ban,
  castOf,
  eventsOf,
  gatherInEachMode,
  MODES,
  propose,
  putToVote,
  settle,
  shareEpoch,
  stranger,
  until,
  vote,
  type Member,
  type World,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "dave", "erin"], { fakes: true });

/** A group, and three of its members that are not stewards, so that their removal leads to no election. */
async function start(mode: CompatibilityMode): Promise<{
  world: World;
  steward: Member;
  target: Member;
  other: Member;
  asker: Member;
}> {
  const { world } = await inMode(mode);
  const { steward, others } = castOf(world);
  const [target, other, asker] = others;
  return { world, steward, target, other, asker };
}

/** Approves the removal of `other`, which then waits for the commit. */
async function voteOut(world: World, asker: Member, other: Member): Promise<void> {
  await approveBan(world, asker, other);
}

/** Lowers a member's score to the threshold: its accusations of a steward are rejected by all others. */
async function fall(world: World, member: Member, steward: Member): Promise<void> {
  agreeOnScore(world, member, 50n);
  const proposalId = await putToVote(world, member, accusation(member, steward));
  for (const voter of world.members) if (voter !== member) await vote(world, voter, proposalId, false);
  await settle(world);
}

async function invitations(world: World, count: number): Promise<readonly ChangeRequest[]> {
  const requests: ChangeRequest[] = [];
  for (let i = 0; i < count; i++) {
    requests.push(await additionOf(world, stranger(i), `full ${i}`));
  }
  return requests;
}

/** Targets of the score removals in a member's vote requests, in order. */
function asked(viewer: Member): readonly string[] {
  return eventsOf(viewer, "voteRequested").flatMap(({ request }) =>
    request.kind === "emergency" && request.evidence?.violation === "scoreBelowThreshold"
      ? [request.evidence.target]
      : [],
  );
}

function lastDefault(viewer: Member): boolean | undefined {
  return eventsOf(viewer, "voteRequested").at(-1)?.defaultVote;
}

describe("W22: an urgent removal beside other approved work, and more work than one commit holds", () => {
  describe("in de-mls-3 mode", () => {
    test("a score removal is not proposed while other work is approved, but when that is done", async () => {
      const { world, steward, target, other, asker } = await start("de-mls-3");
      await voteOut(world, asker, other);
      await fall(world, target, steward);
      expect(asked(asker)).toEqual([]);
      const staying = world.members.filter((member) => member !== target && member !== other);
      await until(world, () => staying.every(({ state }) => state.group?.epoch === 2n));
      await settle(world);
      expect(asked(asker)).toContain(target.id);
      await until(world, () => target.state.endReason === "removed");
      await settle(world);
      expect(shareEpoch(staying)).toBe(true);
    });

    test("one that is proposed anyway is rejected for its proposer, and has the default vote no elsewhere", async () => {
      const { world, steward, target, other, asker } = await start("de-mls-3");
      await voteOut(world, asker, other);
      agreeOnScore(world, target, -1n);
      const byHand = propose(world, steward, scoreRemovalRequest(steward.id, target.id, -1n, 1n));
      await expect(byHand).rejects.toMatchObject({ code: "too-many-votes" });
      await putToVote(world, steward, scoreRemovalRequest(steward.id, target.id, -1n, 1n));
      expect(lastDefault(asker)).toBe(false);
    });

    test("a ban that crosses an open score removal on the network is voted no", async () => {
      const { world, steward, target, other, asker } = await start("de-mls-3");
      agreeOnScore(world, target, -1n);
      await putToVote(world, steward, scoreRemovalRequest(steward.id, target.id, -1n, 1n));
      expect(lastDefault(asker)).toBe(true);
      await putToVote(world, other, removeRequest(steward.id));
      expect(lastDefault(asker)).toBe(false);
    });

    test("decided all the same it is reported as uncommittable, and waits for a commit that carries all", async () => {
      const { world, target, other, asker } = await start("de-mls-3");
      await voteOut(world, asker, other);
      const request = scoreRemovalRequest(other.id, target.id, -1n, 1n);
      const proposalId = await putToVote(world, other, request);
      const voters = world.members.filter((member) => member !== other);
      for (const voter of voters) await vote(world, voter, proposalId, true);
      await settle(world);
      for (const voter of voters) {
        expect(voter.state.phase).toBe("reelection");
        expect(eventsOf(voter, "error").at(-1)?.operation).toBe("approvedChange");
      }
      const staying = world.members.filter((member) => member !== target && member !== other);
      await until(world, () => staying.every(({ state }) => state.group?.epoch === 2n));
      for (const { state } of staying) {
        expect(state.group?.members).toHaveLength(3);
        expect(state.changes.approved).toEqual([]);
      }
    });
  });

  describe("in strict mode", () => {
    test("a score removal is proposed beside other work, and one commit carries both at once", async () => {
      const { world, steward, target, other, asker } = await start("strict");
      await voteOut(world, asker, other);
      await fall(world, target, steward);
      expect(asked(asker)).toContain(target.id);
      expect(lastDefault(asker)).toBe(true);
      const askedAtMs = world.nowMs;
      const staying = world.members.filter((member) => member !== target && member !== other);
      await until(world, () => staying.every(({ state }) => state.group?.epoch === 2n));
      expect(world.nowMs - askedAtMs).toBe(asker.state.config.votingDelayMs);
      for (const member of staying) {
        expect(eventsOf(member, "commitApplied")).toMatchObject([{ urgent: true, changes: [{}, {}] }]);
        expect(member.state.group?.members).toHaveLength(3);
      }
      expect(shareEpoch(staying)).toBe(true);
    });
  });

  describe.each(MODES)("in %s mode", (mode) => {
    test("of two members that fall at once the second is removed after the first", async () => {
      const { world, steward, target, other, asker } = await start(mode);
      await fall(world, target, steward);
      await fall(world, other, steward);
      expect(new Set(asked(asker))).toEqual(new Set([target.id]));
      const staying = world.members.filter((member) => member !== target && member !== other);
      await until(world, () => staying.every(({ state }) => state.group?.epoch === 3n));
      for (const member of staying) {
        expect(eventsOf(member, "commitApplied")).toMatchObject([{ urgent: true }, { urgent: true }]);
        expect(member.state.group?.members).toHaveLength(3);
        expect(eventsOf(member, "error")).toEqual([]);
      }
      expect(shareEpoch(staying)).toBe(true);
    });

    test("fifty-one changes that are approved all the same are carried out by one commit", async () => {
      const { world } = await start(mode);
      await approve(world, ...(await invitations(world, COMMIT_BATCH_MAX + 1)));
      await until(world, () => world.members.every(({ state }) => state.group?.epoch === 2n));
      for (const member of world.members) {
        expect(member.state.group?.members).toHaveLength(5 + COMMIT_BATCH_MAX + 1);
        expect(member.state.changes.approved).toEqual([]);
        expect(eventsOf(member, "error")).toEqual([]);
      }
      expect(shareEpoch(world.members)).toBe(true);
    });

    test("a change beyond the capacity of a commit is rejected for its proposer, and has the default vote no", async () => {
      const { world, target, other, asker } = await start(mode);
      await approve(world, ...(await invitations(world, COMMIT_BATCH_MAX)));
      await expect(ban(world, asker, target)).rejects.toMatchObject({
        code: "too-many-votes",
      });
      await putToVote(world, other, removeRequest(target.id));
      expect(lastDefault(asker)).toBe(false);
    });
  });
});
