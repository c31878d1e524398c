import { createSeededRandom } from "@demls/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { removeRequest } from "../src/update-request.js";
import {
  agree,
  eventsOfKind,
  fork,
  garden,
  propose,
  run,
  runUntil,
  stewardsOf,
  type Member,
} from "./world.js";

const NAMES = ["alice", "bob", "carol", "dave", "erin"];
const settled = await garden(NAMES, { stewards: { snMin: 3, snMax: 3 } });

describe("stewards whose commits compete (W8)", () => {
  test("every member merges the same one, whatever the order of delivery, its own included", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1_000_000 }), async (seed) => {
        const { world, members } = await fork(settled.world, String(seed));
        const stewards = stewardsOf(members[0] as Member);
        const target = members.find(({ id }) => !stewards.includes(id)) as Member;
        const staying = members.filter((member) => member !== target);
        world.shuffledBy = createSeededRandom(seed);
        await propose(world, staying[0] as Member, removeRequest(target.id));
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
    const { world, members } = await fork(settled.world);
    const stewards = stewardsOf(members[0] as Member);
    const target = members.find(({ id }) => !stewards.includes(id)) as Member;
    await propose(world, members[0] as Member, removeRequest(target.id));
    await runUntil(world, () => members.every(({ state }) => state.approved.length === 1));
    world.arrives = () => false;
    await run(world, 59_999);
    world.arrives = () => true;
    await run(world, 1);
    const staying = members.filter((member) => member !== target);
    for (const member of staying) {
      expect(eventsOfKind(member, "commitCandidateReceived")).toHaveLength(3);
      expect(eventsOfKind(member, "commitCandidateChosen")).toMatchObject([{ candidates: 3 }]);
    }
    expect(agree(staying)).toBe(true);
    const own = staying.filter((member) =>
      eventsOfKind(member, "commitCandidateReceived").some((event) => event.own),
    );
    expect(own.map(({ id }) => id).sort()).toEqual([...stewards].sort());
  });
});
