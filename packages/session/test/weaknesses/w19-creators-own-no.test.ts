import { describe, expect, test } from "vitest";
import type { CompatibilityMode } from "../../src/index.js";
import { removeRequest } from "../../src/model/request.js";
import {
  advance,
  ban,
  eventsOf,
  gatherInEachMode,
  MODES,
  propose,
  settle,
  vote,
  type Member,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "dave"]);

/** A conversation with livenessCriteriaYes false. */
async function silenceMeansNo(mode: CompatibilityMode) {
  const { world, members } = await inMode(mode);
  for (const member of members) {
    member.state = { ...member.state, config: { ...member.state.config, livenessCriteriaYes: false } };
  }
  const [creator, ...others] = members as [Member, ...Member[]];
  return { world, creator, others, target: others.at(-1) as Member };
}

describe.each(MODES)("W19, %s: livenessCriteriaYes false", (mode) => {
  test("a creator with a deferred vote has the default vote no, and the vote request says so", async () => {
    const { world, creator, target } = await silenceMeansNo(mode);
    const id = await propose(world, creator, removeRequest(target.id), "deferred");
    expect(eventsOf(creator, "voteRequested")).toMatchObject([{ proposalId: id, defaultVote: false }]);
    await advance(world, 60_000);
    expect(eventsOf(creator, "voteCast")[0]).toMatchObject({ voter: creator.id, vote: false });
    expect(eventsOf(creator, "proposalDecided")).toMatchObject([{ proposalId: id, result: "no" }]);
  });

  test("a creator with a bundled yes has voted yes, and another yes approves", async () => {
    const { world, creator, others, target } = await silenceMeansNo(mode);
    const id = await ban(world, creator, target);
    await settle(world);
    for (const other of others.slice(0, 2)) await vote(world, other, id, true);
    await advance(world, 10_000);
    expect(eventsOf(creator, "voteCast")[0]).toMatchObject({ voter: creator.id, vote: true });
    expect(eventsOf(creator, "proposalDecided")[0]).toMatchObject({ proposalId: id, result: "yes" });
  });
});
