import { describe, expect, test } from "vitest";
import { deadlockRequest, removeRequest } from "../../src/model/request.js";
import {
  accusation,
  agreeOnScore,
  ban,
  epochStewardOf,
  eventsOf,
  gatherInEachMode,
  MODES,
  propose,
  putToVote,
  settle,
  shareEpoch,
  stewardsOf,
  until,
  vanish,
  vote,
  type Member,
  type World,
  keepToStewards,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "dave", "erin"]);

/** The listed stewards, and the others. */
function parties(world: World): {
  readonly stewards: readonly Member[];
  readonly bystanders: readonly Member[];
} {
  const list = stewardsOf(world.members[0] as Member);
  return {
    stewards: world.members.filter(({ id }) => list.includes(id)),
    bystanders: world.members.filter(({ id }) => !list.includes(id)),
  };
}

describe("W21: a freeze forced by an emergency, in which 3.0.0 stewards send no commit", () => {
  describe.each(MODES)("in %s mode", (mode) => {
    test("a member at the threshold is removed as soon as the removal is approved", async () => {
      const { world } = await inMode(mode);
      const steward = epochStewardOf(world, world.members[0] as Member);
      const [target, onlooker] = parties(world).bystanders as [Member, Member];
      const staying = world.members.filter((member) => member !== target);
      agreeOnScore(world, target, 50n);
      const proposalId = await putToVote(world, target, accusation(target, steward));
      for (const member of staying) await vote(world, member, proposalId, false);
      await settle(world);
      const askedAtMs = world.nowMs;
      await until(world, () => staying.every(({ state }) => state.group?.epoch === 2n));
      // The inactivity and freeze timers have not elapsed.
      expect(world.nowMs - askedAtMs).toBe(onlooker.state.config.votingDelayMs);
      for (const member of staying) {
        expect(eventsOf(member, "commitApplied")).toMatchObject([
          { urgent: true, changes: [{ request: removeRequest(target.id) }] },
        ]);
      }
      expect(target.state.endReason).toBe("removed");
      expect(shareEpoch(staying)).toBe(true);
    });

    // In a strict group a member that has a candidate to choose sends none.
    test("after a Deadlock remaining members send a commit, although none is a steward", async () => {
      const { world } = await inMode(mode);
      keepToStewards(world);
      const { stewards, bystanders } = parties(world);
      const [target] = stewards as [Member];
      const [asker] = bystanders as [Member];
      vanish(world, stewards);
      await ban(world, asker, target);
      await until(world, () => bystanders.every(({ state }) => state.phase === "reelection"));
      await propose(world, asker, deadlockRequest(asker.id, 1n));
      if (mode === "de-mls-3") {
        await until(world, () => bystanders.every(({ state }) => state.phase === "freezing"));
        await settle(world);
        const ids = bystanders.map(({ id }) => id);
        for (const { state } of bystanders)
          expect([...state.commit.candidates.values()].map(({ steward }) => steward).sort()).toEqual(
            ids.sort(),
          );
      }
      await until(world, () => bystanders.every(({ state }) => state.group?.epoch === 2n));
      expect(asker.state.group?.members).not.toContain(target.id);
      expect(shareEpoch(bystanders)).toBe(true);
    });
  });
});
