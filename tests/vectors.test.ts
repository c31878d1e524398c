import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { unaccounted, unreadList, vectorFiles } from "../scripts/test-results/vector-accounting.mjs";
import { loadVectors, type Deviation } from "../vectors/load.js";
import { projectFiles, readText, root } from "./workspace.js";

const files = vectorFiles(root);
const names = Object.keys(files);
const sources = names.map((name) => loadVectors<{ readonly source: string }>(name).source);
const { sequences } = loadVectors<{ readonly sequences: readonly { readonly default: unknown }[] }>(
  "07_scoring.json",
);
const readme = readText("vectors/README.md");

/** The table's rows by file: the cells after the file's name. */
const table = new Map(
  [...readme.matchAll(/^\| `(\d\d_\w+\.json)` +\|(.*)\|$/gm)].map(([, name = "", cells = ""]) => [
    name,
    cells.split("|").map((cell) => cell.trim()),
  ]),
);

describe("the vectors", () => {
  it("are the thirteen files as recorded, byte for byte", () => {
    const sums = readText("vectors/SHA256SUMS").trim().split("\n");
    const actual = names.map((name) => {
      const content = readFileSync(join(root, "vectors", name));
      return `${createHash("sha256").update(content).digest("hex")}  ${name}`;
    });
    expect(sums).toHaveLength(13);
    expect(actual).toEqual(sums);
  });

  it("were all recorded from de-mls 3.0.0", () => {
    expect(new Set(sources)).toEqual(new Set(["de-mls 3.0.0"]));
  });

  it("keep all digits of 64-bit integers", () => {
    expect(sequences[4]?.default).toBe(9_223_372_036_854_775_802n);
    expect(sequences[0]?.default).toBe(100);
  });
});

describe("the README of the vectors", () => {
  it("has a row for every file", () => {
    expect([...table.keys()]).toEqual(names);
  });

  it.each(names)("counts the keys and cases of %s", (name) => {
    const content = files[name] ?? {};
    const lists = Object.entries(content).filter(([, value]) => Array.isArray(value));
    const counts = lists.map(([key, value]) => `\`${key}\` ${(value as unknown[]).length}`).join(", ");
    expect(table.get(name)?.slice(1, 3)).toEqual([`${Object.keys(content).length}`, counts || "none"]);
  });

  it.each(names)("names the tests that read %s", (name) => {
    const readers = ["packages", "interop/peer"]
      .flatMap(projectFiles)
      .filter((path) => path.endsWith(".test.ts") && readText(path).includes(`"${name}"`));
    const named = [...(table.get(name)?.[3] ?? "").matchAll(/`([^`]+)`/g)].map(([, path = ""]) => path);
    expect(named).toEqual(
      readers
        .map((path) => path.replace(/^(?:packages|interop)\/(.*)\/test\/(.*)\.test\.ts$/, "$1/$2"))
        .sort(),
    );
  });
});

describe("the list of deviations", () => {
  const deviations = JSON.parse(readText("vectors/deviations.json")) as readonly Deviation[];

  it("names existing cases, each with a reason, and with the weakness if one is the reason", () => {
    expect(Array.isArray(deviations)).toBe(true);
    for (const deviation of deviations) {
      const { weakness = "W1", ...rest } = deviation;
      expect(Object.keys(rest).sort()).toEqual(["case", "file", "reason"]);
      expect(weakness).toMatch(/^W([1-9]|[12]\d|3[01])$/);
      expect(deviation.reason).toMatch(/^[A-Z].{20,}\.$/);
      expect(
        caseAt(files[deviation.file], deviation.case),
        `${deviation.file} ${deviation.case}`,
      ).toBeDefined();
    }
  });
});

/** The value at a path such as `cases[3]` or `config.timeout`. */
function caseAt(content: unknown, path: string): unknown {
  return path
    .split(/[.[\]]+/)
    .filter((step) => step !== "")
    .reduce((value, step) => (value as Record<string, unknown> | undefined)?.[step], content);
}

describe("the record of read vectors", () => {
  const planted = { "00_planted.json": { rows: [1, 2, 3], rule: "text" } };
  const whole = { file: "00_planted.json", keys: ["rows", "rule"], elements: { rows: [0, 1, 2] } };

  it("has no faults if every key and every element was read", () => {
    expect(unaccounted(planted, {}, [whole])).toEqual([]);
  });

  it("adds up the records of different tests", () => {
    const parts = [
      { file: "00_planted.json", keys: ["rows"], elements: { rows: [0, 2] } },
      { file: "00_planted.json", keys: ["rows", "rule"], elements: { rows: [1] } },
    ];
    expect(unaccounted(planted, {}, parts)).toEqual([]);
  });

  it("names a key that no test reads", () => {
    expect(unaccounted(planted, {}, [{ ...whole, keys: ["rows"] }])).toEqual([
      "00_planted.json: no test reads rule",
    ]);
  });

  it("names the first element that no test reads", () => {
    expect(unaccounted(planted, {}, [{ ...whole, elements: { rows: [0] } }])).toEqual([
      "00_planted.json: no test reads 2 of rows, first rows[1]",
    ]);
    expect(unaccounted(planted, {}, [{ ...whole, elements: {} }])).toHaveLength(1);
  });

  it("accepts an unread key on the list, and an unread file", () => {
    const rowsOnly = [{ ...whole, keys: ["rows"] }];
    expect(unaccounted(planted, { "00_planted.json": { rule: "prose" } }, rowsOnly)).toEqual([]);
    expect(unaccounted(planted, { "00_planted.json": { "*": "later" } }, [])).toEqual([]);
  });

  it("reports a key on the list that a test reads", () => {
    expect(unaccounted(planted, { "00_planted.json": { rule: "prose" } }, [whole])).toEqual([
      "00_planted.json: rule is read, so it goes from vectors/unread.json",
    ]);
  });

  it("reports a file or key on the list that does not exist", () => {
    expect(unaccounted(planted, { "99_none.json": {}, "00_planted.json": { none: "" } }, [whole])).toEqual([
      "vectors/unread.json names 99_none.json, which is not there",
      "vectors/unread.json names none of 00_planted.json, which is not there",
    ]);
  });

  it("has a reason for everything on the list", () => {
    for (const keys of Object.values(unreadList(root))) {
      for (const reason of Object.values(keys)) expect(reason).toMatch(/^[A-Z].{10,}/);
    }
    expect(existsSync(join(root, "vectors/unread.json"))).toBe(true);
  });
});
