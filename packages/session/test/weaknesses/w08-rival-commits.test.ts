import { createSeededRandom } from "@demls/testkit";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { LIMITS } from "../../src/step/index.js";
import {
  advance,
  additionOf,
  approve,
  approveBan,
  stranger,
  ban,
  broadcast,
  candidatePacket,
  candidatesBy,
  castOf,
  eventsOf,
  forgedCommit,
  fork,
  gatherInEachMode,
  type Member,
  MODES,
  publishAll,
  required,
  scoreOf,
  settle,
  shareEpoch,
  stewardsOf,
  take,
  until,
  type World,
  keepToStewards,
} from "../harness/index.js";

const settled = await gatherInEachMode(["alice", "bob", "carol", "dave", "erin"], {
  fakes: true,
  stewards: { snMin: 3, snMax: 3 },
});

/**
 * In 3.0.0 a backup steward whose epoch steward's candidate failed discarded its own commit too, while the others
 * merged that commit: the backup lost the group.
 */
describe.each(MODES)("W8: stewards with competing commits (%s)", (mode) => {
  let world: World;
  let steward: Member;
  let backups: readonly Member[];
  let target: Member;
  let staying: readonly Member[];

  beforeEach(() => enter("w8"));

  async function enter(seed: string): Promise<void> {
    ({ world } = await fork((await settled(mode)).world, seed));
    const cast = castOf(world);
    steward = cast.steward;
    backups = cast.stewards.filter((member) => member !== steward);
    target = cast.others[0];
    staying = world.members.filter((member) => member !== target);
  }

  async function approveRemoval(): Promise<void> {
    await approveBan(world, required(staying[0]), target);
  }

  test("a backup merges its own commit, like all members, if the epoch steward's is invalid", async () => {
    await approveRemoval();
    const bad = await forgedCommit(steward, [{ kind: "remove", member: required(backups[0]).id }]);
    steward.online = false;
    broadcast(world, steward, candidatePacket(steward, bad));
    const others = staying.filter((member) => member !== steward);
    await until(world, () => others.every(({ state }) => state.group?.epoch === 2n));
    const chosen = others.map((member) => eventsOf(member, "commitCandidateChosen")[0]?.steward);
    expect(new Set(chosen).size).toBe(1);
    expect(backups.map(({ id }) => id)).toContain(chosen[0]);
    expect(shareEpoch(others)).toBe(true);
  });

  test("every member merges the same one, in any order of delivery, including their own", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1_000_000 }), async (seed) => {
        await enter(String(seed));
        world.shuffledBy = createSeededRandom(seed);
        await ban(world, required(staying[0]), target);
        await until(world, () => staying.every(({ state }) => (state.group?.epoch ?? 0n) > 1n));
        const chosen = staying.map((member) => eventsOf(member, "commitCandidateChosen")[0]?.commitHash);
        expect(new Set(chosen).size).toBe(1);
        expect(shareEpoch(staying)).toBe(true);
        expect(target.state.phase).toBe("ended");
      }),
      { numRuns: 8 },
    );
  }, 30_000);

  // In a strict group one steward sends a candidate, and the others stand in for it.
  test.runIf(mode === "de-mls-3")(
    "stewards that freeze at the same time all send one, and drop theirs for the best",
    async () => {
      await approveRemoval();
      world.arrives = () => false;
      await advance(world, 59_999);
      world.arrives = () => true;
      await advance(world, 1);
      for (const member of staying) {
        expect(eventsOf(member, "commitCandidateReceived")).toHaveLength(3);
        expect(eventsOf(member, "commitCandidateChosen")).toMatchObject([{ candidates: 3 }]);
      }
      expect(shareEpoch(staying)).toBe(true);
      const own = staying.filter((member) =>
        eventsOf(member, "commitCandidateReceived").some((event) => event.own),
      );
      expect(own.map(({ id }) => id).sort()).toEqual([...stewardsOf(steward)].sort());
    },
  );

  describe("an unpublished own candidate", () => {
    /** Only the epoch steward commits, and its packets are not delivered. */
    async function stall(): Promise<void> {
      keepToStewards(world);
      await approveRemoval();
      for (const backup of backups) backup.online = false;
      world.arrives = ({ from }) => !backups.includes(from);
      steward.online = false;
      await until(world, () => steward.state.phase === "reelection");
    }

    test("is not merged by its author alone", async () => {
      await stall();
      expect(steward.state.group?.epoch).toBe(1n);
      expect(eventsOf(steward, "commitCandidateChosen")).toEqual([]);
      expect(candidatesBy(steward, steward)).toHaveLength(1);
    });

    test("is merged by its author and all others once published, even after the freeze", async () => {
      await stall();
      steward.online = true;
      await publishAll(world, steward);
      await settle(world);
      await until(world, () => staying.every(({ state }) => state.group?.epoch === 2n));
      expect(shareEpoch(staying)).toBe(true);
    });

    test("is withdrawn when it is dropped from the outbox, and its author continues with the others", async () => {
      await stall();
      const sequence = candidatesBy(steward, steward)[0]?.sequence ?? 0;
      for (let attempt = 0; attempt < LIMITS.publishAttempts; attempt++)
        await take(world, steward, { kind: "publishFailed", sequence });
      expect(steward.state.commit.candidates.size).toBe(0);
      for (const member of world.members) member.online = true;
      world.arrives = () => true;
      for (const member of world.members) await publishAll(world, member);
      await until(world, () => staying.every(({ state }) => (state.group?.epoch ?? 0n) >= 2n));
      expect(shareEpoch(staying)).toBe(true);
      await approve({ ...world, members: [...staying] }, await additionOf(world, stranger(1), "next"));
      await until(world, () => staying.every(({ state }) => (state.group?.epoch ?? 0n) >= 3n));
      expect(scoreOf(required(backups[0]), steward)).toBeLessThan(100n);
    });
  });
});
