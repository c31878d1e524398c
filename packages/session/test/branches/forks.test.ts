import { beforeEach, describe, expect, test } from "vitest";
import { stateAtFork } from "../../src/branches/at-fork.js";
import { keepFork } from "../../src/branches/forks.js";
import { branchesSlice } from "../../src/model/branches.js";
import { LIMITS } from "../../src/model/limits.js";
import { plainSlice, restoredSlice } from "../../src/model/slice.js";
import { groupsOf, type Active } from "../../src/model/state.js";
import { decodeRecord, encodeRecord } from "../../src/storage/plain-data.js";
import { inspect } from "../../src/view/inspection.js";
import { environmentOf, epochOf, runFor, send, type Member, type World } from "../harness/index.js";
import { branch, enter, forksOf, HOUR_MS } from "./scene.js";
import { beginTransaction } from "../../src/model/transaction.js";

let world: World;
let steward: Member, one: Member;
let at: bigint;

beforeEach(async () => {
  ({ world, steward, one } = await enter(4));
  at = await branch(world, [steward, one]);
});

const epochsOf = ({ state }: Member): ReadonlySet<bigint> =>
  new Set(groupsOf(state as Active).map(({ epoch }) => epoch));

describe("A fork", () => {
  test("shows in the inspection", () => {
    const { forks } = inspect(steward.state, environmentOf(world, steward));
    expect(forks).toMatchObject([{ epoch: String(at), ageMs: expect.any(Number) as number }]);
    expect(forks[0]?.merged).toMatch(/^[0-9a-f]{8}$/);
  });

  test("is forgotten after a day, and its group with it", async () => {
    expect(epochsOf(steward)).toContain(at);
    await runFor(world, 24 * HOUR_MS);
    expect(world.members.flatMap(forksOf)).toEqual([]);
    expect(epochsOf(steward)).toEqual(new Set([epochOf(steward)]));
  });

  test("is restored from its record as it was", () => {
    const { branches } = steward.state;
    const recordOf = (value: typeof branches): Uint8Array =>
      encodeRecord(plainSlice(branchesSlice, value, steward.mls));
    const plain = decodeRecord(recordOf(branches)) as typeof branches;
    const restored = restoredSlice(branchesSlice, plain, steward.mls) as typeof branches;
    expect([...restored.forks.keys()]).toEqual([at]);
    expect(recordOf(restored)).toEqual(recordOf(branches));
  });

  test("gives way to none: beyond the bound, the earliest lead back", () => {
    const [fork] = [...steward.state.branches.forks.values()];
    if (fork === undefined) throw new Error("There is no fork.");
    const tx = beginTransaction(steward.state as Active, environmentOf(world, steward));
    for (let later = 1n; later <= LIMITS.forks + 1; later++) {
      const group = { ...fork.state.group, epoch: at + later };
      keepFork(tx, { ...fork, state: { ...fork.state, group } });
    }
    const kept = [...tx.state.branches.forks.keys()];
    expect(kept).toEqual(Array.from({ length: LIMITS.forks }, (_, index) => at + BigInt(index)));
  });

  test("of a majority gives way to one without, the last one first", () => {
    const [fork] = [...steward.state.branches.forks.values()];
    if (fork === undefined) throw new Error("There is no fork.");
    const tx = beginTransaction(steward.state as Active, environmentOf(world, steward));
    const keep = (later: number, isCertified: boolean): void => {
      const group = { ...fork.state.group, epoch: at + BigInt(later) };
      keepFork(tx, { ...fork, isCertified, state: { ...fork.state, group } });
    };
    for (let later = 1; later <= LIMITS.forks + 1; later++) keep(later, later > LIMITS.forks - 3);
    keep(LIMITS.forks + 2, false);
    const kept = [...tx.state.branches.forks.keys()].map((epoch) => Number(epoch - at));
    expect(kept).toEqual([0, 1, 2, 3, 4, 5, 6, LIMITS.forks + 2]);
  });

  test("leads to the state of its epoch, without what came after it", async () => {
    await send(world, one, "on this branch");
    const [fork] = [...steward.state.branches.forks.values()];
    if (fork === undefined) throw new Error("There is no fork.");
    const tx = beginTransaction(steward.state as Active, environmentOf(world, steward));
    const { group, repair, branches } = stateAtFork(tx, fork);
    expect(group.epoch).toBe(at);
    expect(repair.epochs.at(-1)).toMatchObject({ epoch: at, leftAtMs: undefined });
    expect(repair.log.filter(({ epoch }) => epoch > at)).toEqual([]);
    expect(branches.forks.size).toBe(0);
  });
});
