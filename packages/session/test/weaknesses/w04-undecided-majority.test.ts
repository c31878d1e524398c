import { describe, expect, test } from "vitest";
import type { CompatibilityMode } from "../../src/index.js";
import { removeRequest } from "../../src/model/request.js";
import {
  additionOf,
  advance,
  ban,
  eventsOf,
  gatherInEachMode,
  propose,
  resultAt,
  settle,
  stranger,
  vote,
  type Member,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "dave", "erin"]);

/** Alice, bob and carol vote yes, dave and erin vote no; the noes arrive first. */
async function threeToTwo(mode: CompatibilityMode) {
  const { world, members } = await inMode(mode);
  const [alice, bob, carol, dave, erin] = members as [Member, Member, Member, Member, Member];
  // In a strict conversation the target of a removal has no vote.
  const request = mode === "strict" ? await additionOf(world, stranger(1), "joiner") : removeRequest(erin.id);
  const id = await propose(world, alice, request, "deferred");
  await settle(world);
  for (const [voter, choice] of [
    [dave, false],
    [erin, false],
    [bob, true],
    [carol, true],
    [alice, true],
  ] as const) {
    await vote(world, voter, id, choice);
    await settle(world);
  }
  return { world, members, id, alice, erin };
}

describe("W4: three yes and two no of five voters", () => {
  test("de-mls-3: are undecided as in 3.0.0, then fail everywhere, and the change can be proposed again", async () => {
    const { world, members, id, alice, erin } = await threeToTwo("de-mls-3");
    for (const member of members) {
      expect(resultAt(member, id)).toBe("active");
      expect(member.plugins.consensus.tally(member.state.votes.sessions, id)?.votes).toHaveLength(5);
    }
    await advance(world, 60_000);
    for (const member of members) {
      expect(eventsOf(member, "proposalDecided")).toMatchObject([{ proposalId: id, result: "failed" }]);
      expect(member.state.changes.approved).toEqual([]);
      expect(member.state.changes.pending.size).toBe(0);
    }
    await expect(ban(world, alice, erin)).resolves.not.toBe(id);
  });

  test("strict: decide yes at once, by majority", async () => {
    const { members, id } = await threeToTwo("strict");
    for (const member of members) {
      expect(eventsOf(member, "proposalDecided")).toMatchObject([{ proposalId: id, result: "yes" }]);
      expect(member.state.changes.approved).toMatchObject([{ proposalId: id }]);
    }
  });
});
