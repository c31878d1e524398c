import { describe, expect, test } from "vitest";
import {
  advance,
  eventsOf,
  gatherInEachMode,
  leave,
  MODES,
  stewardsOf,
  until,
  vote,
  type Member,
  type World,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "dave"], {
  stewards: { snMin: 1, snMax: 1 },
});

/** Rejects all elections manually until a Deadlock is declared. */
async function rejectElections(world: World, members: readonly Member[]): Promise<void> {
  const [leaver] = members.filter(({ id }) => !stewardsOf(members[0] as Member).includes(id)) as [Member];
  const seen = new Set<number>();
  await leave(world, leaver);
  await until(world, () => {
    for (const member of members)
      for (const { request, proposalId } of eventsOf(member, "voteRequested"))
        if (request.kind === "electStewards" && request.retryRound < 2 && !seen.has(proposalId)) {
          seen.add(proposalId);
          world.diary = members.map((voter) => ({
            atMs: world.nowMs + 1,
            act: async () => void (await vote(world, voter, proposalId, false).catch(() => undefined)),
          }));
        }
    return members.some(({ state }) => state.stewards.recovery);
  });
}

describe("W46: the election after an accepted Deadlock", () => {
  test.each(MODES)(
    "%s: has a round past the bound, and the default vote yes on members with that round",
    async (mode) => {
      const { world, members } = await inMode(mode);
      await rejectElections(world, members);
      await advance(world, 60_000);
      const elections = members.flatMap((member) =>
        eventsOf(member, "voteRequested").filter(
          ({ request }) => request.kind === "electStewards" && request.retryRound === 2,
        ),
      );
      expect(elections).not.toHaveLength(0);
      expect(elections.every(({ defaultVote }) => defaultVote)).toBe(true);
      for (const { state } of members)
        if (state.phase !== "ended") expect(state.stewards.recovery).toBe(false);
    },
  );
});
