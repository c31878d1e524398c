import { describe, expect, test } from "vitest";
import { removeRequest } from "../../src/model/request.js";
import {
  expectMistake,
  gatherInEachMode,
  MODES,
  propose,
  required,
  runFor,
  until,
  vote,
  type Member,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "dave"], {
  config: { probationMs: 86_400_000 },
  fakes: true,
});

describe.each(MODES)("W58: three that came in a minute ago, and the founder (%s)", (mode) => {
  test(mode === "strict" ? "decide nothing about it" : "decide about it", async () => {
    const { world, members } = await inMode(mode);
    await runFor(world, 60_000);
    const [alice, bob, carol, dave] = members.map(required) as [Member, Member, Member, Member];
    const request = removeRequest(alice.id);
    if (mode === "strict") {
      await expectMistake(propose(world, bob, request), "no-voters");
      await runFor(world, 600_000);
      expect(alice.state.phase).toBe("working");
      return;
    }
    const proposalId = await propose(world, bob, request);
    await until(world, () => [carol, dave].every(({ state }) => state.votes.open.has(proposalId)));
    for (const member of [carol, dave]) await vote(world, member, proposalId, true);
    await until(world, () => alice.state.phase === "ended");
  });
});
