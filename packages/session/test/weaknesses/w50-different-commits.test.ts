import { describe, expect, test } from "vitest";
import {
  advance,
  approveBan,
  castOf,
  eventsOf,
  gatherInEachMode,
  MODES,
  shareEpoch,
  type Member,
  type World,
} from "../harness/index.js";

const settled = await gatherInEachMode(["alice", "bob", "carol", "dave", "erin"], { fakes: true });

/**
 * The network parts for a minute while a commit is due: the epoch steward is on one side, the other steward on the
 * other.
 */
async function part(world: World): Promise<{ readonly staying: readonly Member[]; readonly parted: Member }> {
  const { steward, others } = castOf(world);
  const [target] = others;
  await approveBan(world, steward, target);
  world.arrives = ({ from, to }) => (from === steward) === (to === steward);
  const { commitInactivityMs, freezeMs } = steward.state.config;
  await advance(world, commitInactivityMs + freezeMs + 1_000);
  world.arrives = () => true;
  return { staying: world.members.filter((member) => member !== target), parted: steward };
}

/** In 3.0.0 a member merges the best candidate that it has when its freeze ends. */
describe.each(MODES)("W50: two sides of a parted network (%s)", (mode) => {
  test(mode === "strict" ? "merge one commit" : "merge different commits", async () => {
    const { world } = await settled(mode);
    const { staying, parted } = await part(world);
    await advance(world, 60_000);
    expect(shareEpoch(staying)).toBe(mode === "strict");
    const committers = new Set(staying.map((member) => eventsOf(member, "commitApplied").at(-1)?.committer));
    expect(committers.size).toBe(mode === "strict" ? 1 : 2);
    // The side of one member has not merged its own.
    expect(committers.has(parted.id)).toBe(mode !== "strict");
  });
});
