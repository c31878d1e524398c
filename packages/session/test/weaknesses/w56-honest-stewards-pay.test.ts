import { describe, expect, test } from "vitest";
import { removeRequest } from "../../src/model/request.js";
import {
  additionOf,
  approve,
  approveDuringFreeze,
  epochOf,
  eventsOf,
  fork,
  gather,
  rolesOf,
  runFor,
  runUntil,
  stranger,
  type Member,
} from "../harness/index.js";
import type { CompatibilityMode } from "../../src/index.js";

const NAMES = ["alice", "bob", "carol", "dave", "erin"];
const stewards = { snMin: 2, allowSubsetCandidates: true };
const settled = {
  "de-mls-3": await gather(NAMES, { mode: "de-mls-3", fakes: true, stewards: { snMin: 2 } }),
  strict: await gather(NAMES, { mode: "strict", fakes: true, stewards }),
};

/** A change is approved when the epoch steward has sent its candidate. All others commit both, and then another one. */
async function overtake(mode: CompatibilityMode): Promise<{ steward: Member; staying: readonly Member[] }> {
  const { world } = await fork(settled[mode].world);
  await runFor(world, 60_000);
  const [steward, backup, one, two, leaver] = rolesOf(world);
  const staying = [steward, backup, one, two];
  const mergeOnce = async (): Promise<void> => {
    const epoch = epochOf(one);
    await runUntil(world, () => staying.every((member) => epochOf(member) > epoch));
  };
  const first = await additionOf(world, stranger(1), "one");
  await approveDuringFreeze(world, steward, first, removeRequest(leaver.id));
  await mergeOnce();
  expect(eventsOf(one, "commitApplied").at(-1)?.committer).toBe(backup.id);
  await approve({ ...world, members: staying }, await additionOf(world, stranger(2), "two"));
  await mergeOnce();
  return { steward, staying };
}

/** Names of the members at which `steward` has lost score. */
const chargedAt = (steward: Member, members: readonly Member[]) =>
  members.flatMap((member) =>
    eventsOf(member, "scoreChanged").some(
      (event) => event.member === steward.id && event.cause === "censorship-inactivity",
    )
      ? [member.name]
      : [],
  );

describe("W56: an epoch steward that has sent its candidate", () => {
  test("pays at all other members, if a change is approved meanwhile", async () => {
    const { steward, staying } = await overtake("de-mls-3");
    const others = staying.filter((member) => member !== steward).map(({ name }) => name);
    expect(chargedAt(steward, staying)).toEqual(others);
  });

  test("pays at no member of a strict group", async () => {
    const { steward, staying } = await overtake("strict");
    expect(chargedAt(steward, staying)).toEqual([]);
  });
});
