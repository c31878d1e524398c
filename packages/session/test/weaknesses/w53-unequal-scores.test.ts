import { describe, expect, test } from "vitest";
import {
  accusation,
  additionOf,
  approve,
  castOf,
  gatherInEachMode,
  MODES,
  propose,
  runUntil,
  scoreOf,
  settle,
  stranger,
  vote,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "dave", "erin"], { fakes: true });

describe.each(MODES)("W53: stewards and scores that differ (%s)", (mode) => {
  test("of a member that missed an emergency, after the next commit", async () => {
    const { world } = await inMode(mode);
    const { steward, backup, others } = castOf(world);
    const [accuser, accused, deaf] = others;
    world.repairs = false;
    world.arrives = ({ to }) => to !== deaf;
    const before = scoreOf(deaf, accused);
    const proposalId = await propose(world, accuser, accusation(accuser, accused));
    await settle(world);
    for (const voter of [steward, backup, accused]) await vote(world, voter, proposalId, true);
    await runUntil(world, () =>
      [steward, backup, accuser].every((member) => scoreOf(member, accused) !== before),
    );
    expect(scoreOf(deaf, accused)).toBe(before);
    world.arrives = () => true;
    const { epoch } = steward.state.group;
    await approve(world, await additionOf(world, stranger(1), "one"));
    await runUntil(world, () => world.members.every(({ state }) => state.group.epoch > epoch));
    if (mode === "strict") expect(scoreOf(deaf, accused)).toBe(scoreOf(steward, accused));
    else expect(scoreOf(deaf, accused)).toBe(before);
  });
});
