import { describe, expect, test } from "vitest";
import {
  advance,
  ban,
  eventsOf,
  fork,
  gather,
  leave,
  settle,
  shareEpoch,
  stewardsOf,
  vote,
  type Member,
  type World,
  keepToStewards,
} from "../harness/index.js";

const NAMES = ["alice", "bob", "carol", "dave", "erin"];
const stewards = { snMin: 1, snMax: 1 };
const whole = await gather(NAMES, { mode: "strict", stewards });
const part = await gather(NAMES, { mode: "strict", stewards: { ...stewards, allowSubsetCandidates: true } });

/**
 * The deciding vote on a second removal reaches the steward just after it has committed the first, and all others just
 * before.
 *
 * In one mode only: in the other, members follow 3.0.0's rules, as closing/reconcile.test.ts tests for W2.
 */
async function cross(settled: World): Promise<{ world: World; steward: Member; others: Member[] }> {
  const { world, members } = await fork(settled);
  keepToStewards(world);
  const steward = members.find(({ id }) => stewardsOf(members[0] as Member).includes(id)) as Member;
  const [leaver, target, proposer, voter] = members.filter((member) => member !== steward) as [
    Member,
    Member,
    Member,
    Member,
  ];
  await leave(world, leaver);
  await settle(world);
  await advance(world, steward.state.config.commitInactivityMs - 1_000);
  const second = await ban(world, proposer, target);
  await settle(world);
  world.delaysMs = (from, to) => (to === steward && from === voter ? [2_000] : [0]);
  await vote(world, leaver, second, true);
  await vote(world, voter, second, true);
  await advance(world, 1_000);
  expect(proposer.state.votes.resolved).toContain(second);
  expect(eventsOf(steward, "commitCandidateReceived")).toHaveLength(1);
  await advance(world, 5_000);
  expect(steward.state.votes.resolved).toContain(second);
  return { world, steward, others: [target, proposer, voter] };
}

describe("W47: an approval that crosses a commit on its way", () => {
  test("strict: by default its author does not merge the commit alone, and all merge one with both changes", async () => {
    const { world, steward, others } = await cross(whole.world);
    for (const member of [steward, ...others]) expect(member.state.group?.epoch).toBe(1n);
    await advance(world, 240_000);
    const [target, ...staying] = others as [Member, ...Member[]];
    expect(target.state.phase).toBe("ended");
    expect(shareEpoch([steward, ...staying])).toBe(true);
    expect(eventsOf(steward, "commitApplied").at(-1)?.changes).toHaveLength(2);
  });

  test("strict: with allowSubsetCandidates all merge it, and commit the rest next", async () => {
    const { world, steward, others } = await cross(part.world);
    expect(shareEpoch([steward, ...others])).toBe(true);
    await advance(world, 120_000);
    const [target, ...staying] = others as [Member, ...Member[]];
    expect(target.state.phase).toBe("ended");
    expect(shareEpoch([steward, ...staying])).toBe(true);
  });
});
