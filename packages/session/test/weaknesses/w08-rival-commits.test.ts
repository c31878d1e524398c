import { createSeededRandom } from "@demls/testkit";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { LIMITS } from "../../src/index.js";
import { removeRequest } from "../../src/model/request.js";
import { candidatePacket, forgedCommit } from "../harness/forgery.js";
import {
  agree,
  broadcast,
  deliver,
  epochStewardOf,
  eventsOfKind,
  fork,
  propose,
  publishAll,
  run,
  runUntil,
  scoreOf,
  stewardsOf,
  take,
  type Member,
  type World,
} from "../harness/stepwise.js";
import { gardenInEachMode, MODES } from "../harness/votes.js";
import { present } from "../harness/required.js";

const settled = await gardenInEachMode(["alice", "bob", "carol", "dave", "erin"], {
  stewards: { snMin: 3, snMax: 3 },
});

/**
 * In 3.0.0 a backup whose epoch steward's candidate failed discarded its own commit with it, while the others went
 * on to merge that very commit: the backup was left behind by its own work.
 */
describe.each(MODES)("W8: stewards whose commits compete (%s)", (mode) => {
  let world: World;
  let steward: Member;
  let backups: readonly Member[];
  let target: Member;
  let staying: readonly Member[];

  beforeEach(() => enter("w8"));

  async function enter(seed: string): Promise<void> {
    ({ world } = await fork((await settled(mode)).world, seed));
    const listed = stewardsOf(present(world.members[0]));
    steward = epochStewardOf(world, present(world.members[0]));
    backups = world.members.filter((member) => listed.includes(member.id) && member !== steward);
    target = present(world.members.find(({ id }) => !listed.includes(id)));
    staying = world.members.filter((member) => member !== target);
  }

  async function approveRemoval(): Promise<void> {
    await propose(world, present(staying[0]), removeRequest(target.id));
    await runUntil(world, () => world.members.every(({ state }) => state.approved.length === 1));
  }

  test("a backup merges its own commit, as all do, where the epoch steward's is no good", async () => {
    await approveRemoval();
    const bad = await forgedCommit(steward, [{ kind: "remove", member: present(backups[0]).id }]);
    steward.online = false;
    broadcast(world, steward, candidatePacket(steward, bad));
    const others = staying.filter((member) => member !== steward);
    await runUntil(world, () => others.every(({ state }) => state.group?.epoch === 2n));
    const chosen = others.map((member) => eventsOfKind(member, "commitCandidateChosen")[0]?.steward);
    expect(new Set(chosen).size).toBe(1);
    expect(backups.map(({ id }) => id)).toContain(chosen[0]);
    expect(agree(others)).toBe(true);
  });

  test("every member merges the same one, whatever the order of delivery, its own included", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1_000_000 }), async (seed) => {
        await enter(String(seed));
        world.shuffledBy = createSeededRandom(seed);
        await propose(world, present(staying[0]), removeRequest(target.id));
        await runUntil(world, () => staying.every(({ state }) => (state.group?.epoch ?? 0n) > 1n));
        const chosen = staying.map((member) => eventsOfKind(member, "commitCandidateChosen")[0]?.commitHash);
        expect(new Set(chosen).size).toBe(1);
        expect(agree(staying)).toBe(true);
        expect(target.state.phase).toBe("ended");
      }),
      { numRuns: 8 },
    );
  }, 30_000);

  test("stewards that freeze at one moment all send one, and drop their own for the better", async () => {
    await approveRemoval();
    world.arrives = () => false;
    await run(world, 59_999);
    world.arrives = () => true;
    await run(world, 1);
    for (const member of staying) {
      expect(eventsOfKind(member, "commitCandidateReceived")).toHaveLength(3);
      expect(eventsOfKind(member, "commitCandidateChosen")).toMatchObject([{ candidates: 3 }]);
    }
    expect(agree(staying)).toBe(true);
    const own = staying.filter((member) =>
      eventsOfKind(member, "commitCandidateReceived").some((event) => event.own),
    );
    expect(own.map(({ id }) => id).sort()).toEqual([...stewardsOf(steward)].sort());
  });

  describe("an own candidate that the network has not taken", () => {
    /** Only the epoch steward commits, and what it publishes reaches nobody. */
    async function stall(): Promise<void> {
      await approveRemoval();
      for (const backup of backups) backup.online = false;
      world.arrives = ({ from }) => !backups.includes(from);
      steward.online = false;
      await runUntil(world, () => steward.state.phase === "reelection");
    }

    test("is not merged by its author alone", async () => {
      await stall();
      expect(steward.state.group?.epoch).toBe(1n);
      expect(eventsOfKind(steward, "commitCandidateChosen")).toEqual([]);
      expect(steward.state.candidates.has(steward.id)).toBe(true);
    });

    test("is merged by its author and everyone else once it is out, though the freeze is over", async () => {
      await stall();
      steward.online = true;
      await publishAll(world, steward);
      await deliver(world);
      await runUntil(world, () => staying.every(({ state }) => state.group?.epoch === 2n));
      expect(agree(staying)).toBe(true);
    });

    test("is dropped where it is given up, and its author goes on with the others", async () => {
      await stall();
      const sequence = steward.state.candidates.get(steward.id)?.sequence ?? 0;
      for (let attempt = 0; attempt < LIMITS.publishAttempts; attempt++)
        await take(world, steward, { kind: "publishFailed", sequence });
      expect(steward.state.candidates.size).toBe(0);
      for (const member of world.members) member.online = true;
      world.arrives = () => true;
      for (const member of world.members) await publishAll(world, member);
      await runUntil(world, () => staying.every(({ state }) => (state.group?.epoch ?? 0n) >= 2n));
      expect(agree(staying)).toBe(true);
      expect(scoreOf(present(backups[0]), steward)).toBeLessThan(100n);
    });
  });
});
