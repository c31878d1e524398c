import { open, readFile, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { BATCHES, copyTo, filesOf, makeSamples, outcome } from "./sample-store.js";
import { useStorages } from "./storages.js";

const { freshFolder } = useStorages();
const copyOf = async (folder: string) => copyTo(await freshFolder(), folder);

let crashed: string, reopened: string, closed: string, inTable: string;

beforeAll(async () => {
  ({ crashed, reopened, closed, inTable } = await makeSamples(freshFolder));
});

describe("The log of a crashed process, truncated anywhere", () => {
  test("leaves a storage of whole batches, or is an error", async () => {
    const [log = ""] = await filesOf(crashed, /\.log$/);
    const { size } = await stat(join(crashed, log));
    const outcomes: (number | string)[] = [];
    const cuts = Array.from({ length: 50 }, (_, i) => Math.floor((size * i) / 50));
    // Within the first batch, too.
    for (const cut of [...cuts, 40, 80, 120, 160, 200].sort((a, b) => a - b)) {
      const copy = await copyOf(crashed);
      await truncate(join(copy, log), cut);
      outcomes.push(await outcome(copy));
    }
    const batches = outcomes.filter((each) => typeof each === "number");
    expect(new Set(outcomes.filter((each) => typeof each === "string"))).toEqual(
      new Set(["storage-damaged"]),
    );
    expect(batches.length).toBeGreaterThan(40);
    // Longer logs have more batches; none leaves an empty storage.
    expect(batches).toEqual(batches.toSorted((a, b) => a - b));
    expect(batches[0]).toBeGreaterThan(0);
    expect(await outcome(await copyOf(crashed))).toBe(BATCHES);
  });
});

describe("Any file of a storage that was closed or only opened, truncated anywhere", () => {
  test("is an error, or changes no record", async () => {
    const outcomes = new Set<number | string>();
    for (const whole of [reopened, closed, inTable]) {
      for (const name of await filesOf(whole, /^(?!LOCK$|LOG)/)) {
        const { size } = await stat(join(whole, name));
        for (const cut of cutsOf(size)) {
          if (cut < 0 || cut >= size) continue;
          const copy = await copyOf(whole);
          await truncate(join(copy, name), cut);
          const found = await outcome(copy);
          outcomes.add(found === (whole === inTable ? BATCHES + 1 : BATCHES) ? "all" : found);
          // The error stays: opening has repaired nothing.
          if (found === "storage-damaged") expect(await outcome(copy), `${name} cut at ${cut}`).toBe(found);
        }
      }
    }
    expect([...outcomes].sort()).toEqual(["all", "storage-damaged"]);
  });
});

describe("A bit that flips", () => {
  test("anywhere in a table or a log of a closed storage is an error, or changes no record", async () => {
    let damaged = 0;
    for (const whole of [closed, inTable]) {
      for (const name of await filesOf(whole, /\.(ldb|log)$/)) {
        const bytes = await readFile(join(whole, name));
        for (let flip = 0; flip < 40; flip++) {
          const copy = await copyOf(whole);
          const at = Math.floor((bytes.length * flip) / 40);
          if (bytes.length === 0) continue;
          const file = await open(join(copy, name), "r+");
          await file.write(Uint8Array.of(bytes[at]! ^ 0x10), 0, 1, at);
          await file.close();
          const found = await outcome(copy);
          if (found === "storage-damaged") damaged += 1;
          else expect(found, `${name} at ${at}`).toBe(whole === closed ? BATCHES : BATCHES + 1);
        }
      }
    }
    expect(damaged).toBeGreaterThan(100);
  });
});

/** Places at which a file is cut: every few bytes of a short one, which lists files. */
function cutsOf(size: number): ReadonlySet<number> {
  const ends = [0, 1, size >> 2, size >> 1, size - 5, size - 1];
  return new Set(size > 1_000 ? ends : [...ends, ...Array.from({ length: size >> 3 }, (_, i) => 8 * i)]);
}
