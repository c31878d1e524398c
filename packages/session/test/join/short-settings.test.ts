import { expect, test } from "vitest";
import { rejoinDueMs } from "../../src/join/rejoin.js";
import {
  additionOf,
  alter,
  approve,
  epochOf,
  gather,
  rolesOf,
  runFor,
  runUntil,
  send,
  shareEpoch,
  stranger,
  take,
  vanish,
} from "../harness/index.js";
import { transactionOf } from "../lost-packets/material.js";

/** Settings for quick commits: the timeouts that follow from them are shorter than a member needs to catch up. */
const config = {
  votingDelayMs: 50,
  electionVotingDelayMs: 50,
  commitInactivityMs: 300,
  freezeMs: 300,
  recoveryInactivityMs: 300,
  consensusTimeoutMs: 2_000,
};

test("With short settings, a member still waits for the choice of another one that starts again", async () => {
  const { world } = await gather(["alice", "bob"], { mode: "strict", fakes: true, config });
  const [steward, other] = rolesOf(world);
  await runFor(world, 60_000);
  await send(world, other, "I am here");
  await runFor(world, 1_000);
  const epoch = epochOf(steward);
  await approve(world, await additionOf(world, stranger(1), "one"));
  vanish(world, [other]);
  await runUntil(world, () => steward.state.phase === "selection");
  await runFor(world, 10_000);
  expect(epochOf(steward)).toBe(epoch);
  world.arrives = () => true;
  await take(world, other, { kind: "resumed" });
  await runFor(world, 4_000);
  expect(epochOf(steward)).toBe(epoch + 1n);
  expect(shareEpoch([steward, other])).toBe(true);
});

test.each(["servedAtMs", "aloneSinceMs", "lostSinceMs"] as const)(
  "With short settings, a member replaces its leaf 30 seconds after a sign that it was left behind: %s",
  async (sign) => {
    const { world } = await gather(["alice", "bob"], { mode: "strict", fakes: true, config });
    const [member] = rolesOf(world);
    await runFor(world, 60_000);
    alter(member, "repair", { [sign]: world.nowMs });
    expect(rejoinDueMs(transactionOf(world, member))).toBe(world.nowMs + 30_000);
  },
);
