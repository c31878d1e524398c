import { REPAIR_SUBTOPIC } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import {
  additionOf,
  approve,
  castOf,
  epochOf,
  eventsOf,
  gather,
  MODES,
  required,
  runUntil,
  stranger,
} from "../harness/index.js";

const NAMES = ["alice", "bob", "carol", "dave", "erin"];
const GROUPS = 6;

/** Whether the smallest id among the stewards commits, when the candidate of the one whose turn it is does not arrive. */
async function smallestWins(mode: (typeof MODES)[number], seed: string): Promise<boolean> {
  const stewards = { snMin: NAMES.length, snMax: NAMES.length };
  const { world } = await gather(NAMES, { mode, fakes: true, seed, stewards });
  const { steward } = castOf(world);
  const others = world.members.filter((member) => member !== steward);
  world.arrives = ({ from, packet }) => from !== steward && packet.subtopic !== REPAIR_SUBTOPIC;
  const epoch = epochOf(required(others[0]));
  await approve(world, await additionOf(world, stranger(1), "one"));
  world.repairs = false;
  await runUntil(world, () => others.some((member) => epochOf(member) > epoch));
  const member = required(others.find((each) => epochOf(each) > epoch));
  const [smallest] = others.map(({ id }) => id).sort();
  return eventsOf(member, "commitApplied").at(-1)?.committer === smallest;
}

describe.each(MODES)("W59: candidates of which none is that of the turn (%s)", (mode) => {
  test(
    mode === "strict" ? "are not ranked by an id that anyone can choose" : "are ranked by the id",
    async () => {
      const wins: boolean[] = [];
      for (let group = 0; group < GROUPS; group++) wins.push(await smallestWins(mode, `w59 ${group}`));
      expect(wins.every(Boolean)).toBe(mode === "de-mls-3");
    },
  );
});
