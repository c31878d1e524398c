import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";

import { withFigures } from "../src/report.js";
import { table } from "../src/table.js";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));

function bench(...args: readonly string[]) {
  return spawnSync(process.execPath, ["--expose-gc", main, ...args], { encoding: "utf8" });
}

describe("the bench", () => {
  test("runs everything it measures, and prints a figure for each", { timeout: 120_000 }, () => {
    const { status, stdout, stderr } = bench("--smoke");
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const figures = stdout.split("\n").filter((line) => /^\| [\w ,]+ \| (ms|kB|%) +\| -?\d/.test(line));
    const names = figures.map((line) => line.split("|")[1]?.trim());
    expect(names).toEqual([
      "memory of a conversation",
      "seal 256 B",
      "open 256 B",
      "seal 4 KiB",
      "open 4 KiB",
      "commit at 2",
      "process at 2",
      "join at 2",
      "100 votes",
      "100 votes, WASM verifier",
      "steward list of 100",
      "steward list of 1,000",
      "steward list of 10,000",
      "seal and open by mls",
      "send and receive by session",
      "wire and session over mls",
      "add cycle at 2",
      "add cycle at 2, WASM verifier",
    ]);
  });

  test("names what there is where nothing is called what --only asks for", () => {
    const { status, stderr } = bench("--only", "nothing");
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/--only nothing: there are memory, mls-messages, /);
  });
});

describe("the table", () => {
  const measured = { name: "seal", unit: "ms", ours: 0.5, tsMls: 2 } as const;

  test("has the ratios to bare ts-mls and to Rust", () => {
    expect(table([measured], new Map([["seal", 0.1]]))).toMatch(
      /\| seal +\| ms +\| 0\.500 \| +\| 2\.00 +\| 4\.00 × +\| 0\.100 \| 5\.00 × +\|$/,
    );
  });

  test("tells whether an aim is met, and only states one by Rust where Rust was not run", () => {
    const row = (aim: { atMost: number } | { timesRust: number }, rust?: number) =>
      table([{ ...measured, aim }], new Map(rust === undefined ? [] : [["seal", rust]]))
        .split("\n")
        .at(-1);
    expect(row({ atMost: 0.5 })).toContain("≤ 0.5 met");
    expect(row({ atMost: 0.4 })).toContain("≤ 0.4 missed");
    expect(row({ timesRust: 6 }, 0.1)).toContain("≤ 6 × Rust met");
    expect(row({ timesRust: 4 }, 0.1)).toContain("≤ 4 × Rust missed");
    expect(row({ timesRust: 4 })).toContain("≤ 4 × Rust |");
  });

  test("replaces the figures of a document and nothing around them", () => {
    const document = "before\n<!-- figures -->\n\nold\n\n<!-- end of figures -->\nafter\n";
    expect(withFigures(document, "new")).toBe(document.replace("old", "new"));
    expect(() => withFigures("no place", "new")).toThrow(/no <!-- figures -->/);
  });
});
