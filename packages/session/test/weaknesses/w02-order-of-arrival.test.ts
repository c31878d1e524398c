import { describe, expect, test } from "vitest";
import type { CompatibilityMode } from "../../src/index.js";
import {
  additionOf,
  advance,
  ban,
  candidatePacket,
  deliver,
  eventsOf,
  forgedCommit,
  gatherInEachMode,
  MODES,
  propose,
  receive,
  resultAt,
  settle,
  shareEpoch,
  stranger,
  until,
  vote,
  type Letter,
  type Member,
} from "../harness/index.js";

const threeIn = await gatherInEachMode(["alice", "bob", "carol"]);
const fiveIn = await gatherInEachMode(["alice", "bob", "carol", "dave", "mallory"], {
  stewards: { snMin: 5, snMax: 5 },
});

/**
 * Alice proposes a newcomer and says yes, bob and carol say no. Alice and bob first receive a yes and a no. Alice's yes
 * is late at carol, which receives the two noes.
 */
async function votesCross(mode: CompatibilityMode) {
  const { world, members } = await threeIn(mode);
  const [alice, bob, carol] = members as [Member, Member, Member];
  const request = await additionOf(world, stranger(1), "newcomer");
  const id = await propose(world, alice, request, "deferred");
  await settle(world);
  const isLate = ({ from, to }: Letter): boolean => from === alice && to === carol;
  await vote(world, alice, id, true);
  await deliver(world, (letter) => !isLate(letter));
  await vote(world, bob, id, false);
  await deliver(world, (letter) => !isLate(letter));
  const early = { alice: resultAt(alice, id), bob: resultAt(bob, id), carol: resultAt(carol, id) };
  await vote(world, carol, id, false);
  await settle(world);
  return { world, members, alice, bob, carol, id, request, early };
}

describe("W2: the same three votes in different orders", () => {
  test("de-mls-3: lead to yes on one member and no on another, as in 3.0.0", async () => {
    const { alice, bob, carol, id, early } = await votesCross("de-mls-3");
    expect(early).toEqual({ alice: "yes", bob: "yes", carol: "active" });
    expect([alice, bob, carol].map((member) => resultAt(member, id))).toEqual(["yes", "yes", "no"]);
  });

  test("de-mls-3: members that decided no follow the commit of the others, with an event", async () => {
    const { world, members, carol, id, request } = await votesCross("de-mls-3");
    await until(world, () => members.every(({ state }) => state.group?.members.length === 4));
    expect(shareEpoch(members)).toBe(true);
    expect(eventsOf(carol, "reconciled")).toMatchObject([
      { added: [{ proposalId: id, request }], dropped: [] },
    ]);
    expect(eventsOf(carol, "commitApplied").at(-1)).toMatchObject({ changes: [{ proposalId: id }] });
    for (const member of members) {
      expect(member.state.changes.approved).toEqual([]);
      expect(member === carol || eventsOf(member, "reconciled").length === 0).toBe(true);
    }
  });

  test("strict: lead to the same result everywhere, decided only when no vote can change it", async () => {
    const { world, alice, bob, carol, id, early } = await votesCross("strict");
    expect(early).toEqual({ alice: "active", bob: "active", carol: "active" });
    for (const member of [alice, bob, carol]) expect(resultAt(member, id)).toBe("no");
    await advance(world, 120_000);
    expect(shareEpoch([alice, bob, carol])).toBe(true);
    expect(carol.state.group?.epoch).toBe(alice.state.group?.epoch);
  });
});

describe("W2: a commit of a rejected change", () => {
  /** Mallory commits alice's removal, although all others voted no. */
  async function malloryCommits(mode: CompatibilityMode) {
    const { world, members } = await fiveIn(mode);
    const [alice, bob, carol, dave, mallory] = members as [Member, Member, Member, Member, Member];
    const id = await ban(world, mallory, alice);
    await settle(world);
    for (const voter of mode === "strict" ? [bob, carol, dave] : [alice, bob, carol, dave]) {
      await vote(world, voter, id, false);
      await settle(world);
    }
    const commit = await forgedCommit(mallory, [{ kind: "remove", member: alice.id }]);
    for (const member of [bob, carol, dave]) await receive(world, member, candidatePacket(mallory, commit));
    return { world, id, honest: [bob, carol, dave] };
  }

  test.each(MODES)("%s: is not followed if no order of the votes approves it", async (mode) => {
    const { world, id, honest } = await malloryCommits(mode);
    await advance(world, 300_000);
    for (const member of honest) {
      expect(resultAt(member, id)).toBe("no");
      expect(member.state.group?.members).toHaveLength(5);
      expect(eventsOf(member, "reconciled")).toEqual([]);
    }
  });

  test.each(MODES)("%s: is not followed without a vote", async (mode) => {
    const { world, members } = await fiveIn(mode);
    const [alice, bob, , , mallory] = members as [Member, Member, Member, Member, Member];
    const commit = await forgedCommit(mallory, [{ kind: "remove", member: alice.id }]);
    await receive(world, bob, candidatePacket(mallory, commit));
    await advance(world, 300_000);
    expect(bob.state.group?.members).toHaveLength(5);
  });
});
