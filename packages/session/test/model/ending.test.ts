import { expect, test } from "vitest";
import { joiningSlice } from "../../src/model/joining.js";
import { initialSlice } from "../../src/model/slice.js";
import { advance, ban, castOf, fork, gather, join, trackedVotes, until } from "../harness/index.js";

const settled = await gather(["alice", "bob", "carol", "dave", "erin"]);

test("A removed member keeps no state of the conversation except settings, stewards and scores", async () => {
  const { world } = await fork(settled.world);
  const [target, asker] = castOf(world).others;
  await join(world, "newcomer");
  await ban(world, asker, target);
  await advance(world, 1_000);
  expect(target.state.votes.observed.size).toBeGreaterThan(0);
  expect(trackedVotes(target).length).toBeGreaterThan(0);
  await until(world, () => target.state.phase === "ended");
  expect(Object.keys(target.state).sort()).toEqual([
    "config",
    "endReason",
    "joining",
    "name",
    "phase",
    "scores",
    "stewards",
  ]);
  // Only a joiner keeps its own, for its farewell.
  expect(target.state).toMatchObject({ joining: initialSlice(joiningSlice) });
  expect(target.state.scores.rejectedRemovals.size).toBe(0);
  expect(target.state.stewards).toMatchObject({ recovery: false, electionDueSinceMs: undefined });
});
