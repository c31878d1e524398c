import { describe, expect, test } from "vitest";
import { removeRequest } from "../../src/model/request.js";
import {
  agree,
  command,
  deliver,
  eventsOfKind,
  fork,
  garden,
  propose,
  run,
  stewardsOf,
  vote,
  type Member,
  type World,
} from "../harness/stepwise.js";

const NAMES = ["alice", "bob", "carol", "dave", "erin"];
const stewards = { snMin: 1, snMax: 1 };
const whole = await garden(NAMES, { mode: "strict", stewards });
const part = await garden(NAMES, { mode: "strict", stewards: { ...stewards, allowSubsetCandidates: true } });

/**
 * The deciding vote on a second removal reaches the steward just after it has committed the first, and all others
 * just before.
 *
 * In one mode only: in the other what 3.0.0 members do decides, as freeze/reconcile.test.ts shows of W2.
 */
async function cross(settled: World): Promise<{ world: World; steward: Member; others: Member[] }> {
  const { world, members } = await fork(settled);
  const steward = members.find(({ id }) => stewardsOf(members[0] as Member).includes(id)) as Member;
  const [leaver, target, proposer, voter] = members.filter((member) => member !== steward) as [
    Member,
    Member,
    Member,
    Member,
  ];
  await command(world, leaver, { kind: "leave" });
  await deliver(world);
  await run(world, steward.state.config.commitInactivityMs - 1_000);
  const second = await propose(world, proposer, removeRequest(target.id));
  await deliver(world);
  world.delaysMs = (from, to) => (to === steward && from === voter ? [2_000] : [0]);
  await vote(world, target, second, true);
  await vote(world, voter, second, true);
  await run(world, 1_000);
  expect(proposer.state.resolved).toContain(second);
  expect(steward.state.group?.epoch).toBe(2n);
  await run(world, 5_000);
  expect(steward.state.resolved).toContain(second);
  return { world, steward, others: [target, proposer, voter] };
}

describe("W47: an approval that crosses a commit on its way", () => {
  test("strict: by default nobody but its author takes the commit, and the others hear that they are behind", async () => {
    const { steward, others } = await cross(whole.world);
    for (const other of others) {
      expect(other.state.group?.epoch).toBe(1n);
      expect(eventsOfKind(other, "epochGap")).not.toHaveLength(0);
    }
    expect(agree([steward, ...others])).toBe(false);
  });

  test("strict: where commits of a part are allowed all take it, and commit the rest next", async () => {
    const { world, steward, others } = await cross(part.world);
    expect(agree([steward, ...others])).toBe(true);
    await run(world, 120_000);
    const [target, ...staying] = others as [Member, ...Member[]];
    expect(target.state.phase).toBe("ended");
    expect(agree([steward, ...staying])).toBe(true);
  });
});
