import { expect, test } from "vitest";
import { LIMITS } from "../../src/model/limits.js";
import {
  command,
  epochOf,
  eventsOf,
  gather,
  runFor,
  send,
  shareEpoch,
  take,
  textsOf,
  vanish,
  type Member,
} from "../harness/index.js";

const HOUR_MS = 3_600_000;

/** Commits that the others make meanwhile. */
const MISSED = LIMITS.repairEpochs + 6;

test.each([
  { archive: true, back: "catches up with all messages", rejoins: 0 },
  { archive: false, back: "replaces its leaf", rejoins: 1 },
])("A member that was away for more epochs than are kept $back, if archive is $archive", async (given) => {
  const { world } = await gather(["alice", "bob", "carol"], { mode: "strict", fakes: true });
  await runFor(world, 60_000);
  const [keeper, other, sleeper] = world.members as [Member, Member, Member];
  keeper.state = { ...keeper.state, config: { ...keeper.state.config, archive: given.archive } };
  vanish(world, [sleeper]);
  sleeper.wakeAtMs = undefined;
  const from = epochOf(keeper);
  await send(world, other, "early");
  for (let commit = 0; commit < MISSED; commit++) {
    await command(world, commit % 2 === 0 ? keeper : other, { kind: "renewKeys" });
    await runFor(world, HOUR_MS / 2 + 60_000);
  }
  expect(epochOf(keeper)).toBe(from + BigInt(MISSED));
  world.arrives = () => true;
  await take(world, sleeper, { kind: "resumed" });
  await send(world, keeper, "late");
  await runFor(world, HOUR_MS);
  expect(shareEpoch([keeper, other, sleeper])).toBe(true);
  expect(eventsOf(sleeper, "rejoined")).toHaveLength(given.rejoins);
  expect(textsOf(sleeper).includes("early")).toBe(given.archive);
  expect(other.state.repair.epochs.length).toBeLessThanOrEqual(LIMITS.repairEpochs);
});
