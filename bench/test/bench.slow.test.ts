import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";

import { withFigures } from "../src/report.js";
import { EFFORTS } from "../src/effort.js";
import type { Aim } from "../src/measurement.js";
import { highestRate } from "../src/network/highest-rate.js";
import type { Exchange, Group } from "../src/network/group.js";
import { quantile } from "../src/network/quantile.js";
import { networkTable, type NetworkAim } from "../src/network-table.js";
import { table } from "../src/table.js";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));

function bench(...args: readonly string[]) {
  return spawnSync(process.execPath, ["--expose-gc", main, ...args], { encoding: "utf8" });
}

describe("The bench", () => {
  test("runs all measurements, and prints a figure for each", () => {
    const { status, stdout, stderr } = bench("--smoke");
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const figures = stdout
      .split("\n")
      .filter((line) => /^\| [\w ,]+ \| (ms|B|kB|%|1|1\/s|MB|× none) +\| -?\d/.test(line));
    const names = figures.map((line) => line.split("|")[1]?.trim());
    expect(names).toEqual([
      "memory of a conversation",
      "3 conversations of three, storage checked",
      "3 conversations of three, user created",
      "3 conversations of three, opened",
      "3 conversations of three, all restored and asked",
      "3 conversations of three, memory",
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
      "sends a second alone",
      "relaxed storage alone",
      "strict storage alone",
      "relaxed storage alone, by CPU time",
      "sends a second with three",
      "relaxed storage with three",
      "strict storage with three",
      "relaxed storage with three, by CPU time",
      "message sent",
      "batches of it",
      "message received",
      "store after 20 messages",
      "store after 20 messages, checked",
      "store after 20 messages, user created",
      "send with a history, at first",
      "send after 20 messages",
      "p50 of 3 members",
      "p99 of 3 members",
      "texts a second of 3 members",
      "memory of one of 3 members",
    ]);
  });

  test("lists the scenarios if --only matches none", () => {
    const { status, stderr } = bench("--only", "nothing");
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/--only nothing: there are memory, storage-opening, mls-messages, /);
  });
});

describe("The table", () => {
  const measured = { name: "seal", unit: "ms", ours: 0.5, tsMls: 2 } as const;

  test("has the ratios to bare ts-mls and to Rust", () => {
    expect(table([measured], new Map([["seal", 0.1]]))).toMatch(
      /\| seal +\| ms +\| 0\.500 \| +\| 2\.00 +\| 4\.00 × +\| 0\.100 \| 5\.00 × +\|$/,
    );
  });

  test("shows whether a target is met, and states a target relative to Rust without a verdict if Rust was not run", () => {
    const row = (aim: Aim, rust?: number) =>
      table([{ ...measured, aim }], new Map(rust === undefined ? [] : [["seal", rust]]))
        .split("\n")
        .at(-1);
    expect(row({ atMost: 0.5 })).toContain("≤ 0.5 met");
    expect(row({ atMost: 0.4 })).toContain("≤ 0.4 missed");
    expect(row({ atLeast: 0.5 })).toContain("≥ 0.5 met");
    expect(row({ atLeast: 0.6 })).toContain("≥ 0.6 missed");
    expect(row({ timesRust: 6 }, 0.1)).toContain("≤ 6 × Rust met");
    expect(row({ timesRust: 4 }, 0.1)).toContain("≤ 4 × Rust missed");
    expect(row({ timesRust: 4 })).toContain("≤ 4 × Rust |");
  });

  test("replaces only the figures of a document", () => {
    const document = "before\n<!-- figures -->\n\nold\n\n<!-- end of figures -->\nafter\n";
    expect(withFigures(document, "figures", "new")).toBe(document.replace("old", "new"));
    expect(() => withFigures(document, "network figures", "new")).toThrow(
      /no section <!-- network figures -->/,
    );
  });
});

describe("The figures of the network", () => {
  /** A group that loses texts, or is late with them, above a rate. */
  function groupThat(borne: number, above: Partial<Exchange>): Group {
    const well = { latenciesMs: [1], lost: 0, behindMs: 0 };
    return {
      kind: "plain",
      size: 3,
      exchange: async (_, perSecond) => (perSecond > borne ? { ...well, ...above } : well),
      weigh: async () => [],
      kill: () => undefined,
    };
  }
  const effort = { ...EFFORTS.smoke, mostPerSecond: 6_400 };

  test.each([{ lost: 1 }, { latenciesMs: [1, 1_001] }, { behindMs: 1_001 }])(
    "name the highest rate at which nothing is lost or late: %j",
    async (above) => {
      // Three bisections between 800, which the group sustains, and 1,600: an eighth of the interval remains.
      expect(await highestRate(groupThat(1_000, above), effort)).toBe(1_000);
      expect(await highestRate(groupThat(1_050, above), effort)).toBe(1_000);
      expect(await highestRate(groupThat(10_000, above), effort)).toBe(6_400);
    },
  );

  test("are quantiles by nearest rank", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([0.5, 0.99, 1].map((share) => quantile(hundred, share))).toEqual([50, 99, 100]);
  });

  test("show whether a target is met by the plain framing", () => {
    const row = (plain: number, aim: NetworkAim) =>
      networkTable([{ name: "it", unit: "ms", raw: 1, plain, aim }])
        .split("\n")
        .at(-1);
    expect(row(2.5, { atMostOverRaw: 1.5 })).toContain("≤ raw + 1.5 met");
    expect(row(2.6, { atMostOverRaw: 1.5 })).toContain("≤ raw + 1.5 missed");
    expect(row(300, { atLeast: 300 })).toContain("≥ 300 met");
    expect(row(299, { atLeast: 300 })).toContain("≥ 300 missed");
  });
});
