import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { REPORT, summarise, type VitestReport } from "../scripts/test-results/test-reports.mjs";

const STARTED_AT = 1_000;

const passing: VitestReport = {
  success: true,
  startTime: STARTED_AT + 1,
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [
    { name: "a.test.ts", status: "passed", assertionResults: [{ status: "passed", fullName: "a holds" }] },
  ],
};

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "reports-"));
});

afterEach(() => rmSync(root, { recursive: true }));

function plant(folder: string, report: VitestReport | string): void {
  const path = join(root, folder, REPORT);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof report === "string" ? report : JSON.stringify(report));
}

/** The summary of one good suite beside `packages/b`, which holds `report`. */
function besideGood(report?: VitestReport | string) {
  plant("packages/a", passing);
  if (report !== undefined) plant("packages/b", report);
  return summarise(["packages/a", "packages/b"], root, STARTED_AT);
}

describe("the sum of the test reports", () => {
  it("adds up what passed", () => {
    expect(besideGood({ ...passing, numPassedTests: 4 })).toEqual({
      passed: 7,
      failed: 0,
      lines: ["packages/a: 3 passed, 0 failed", "packages/b: 4 passed, 0 failed"],
      failures: [],
      problems: [],
    });
  });

  it("adds up what failed, and names it", () => {
    const assertionResults = [
      { status: "failed", fullName: "b holds" },
      { status: "passed", fullName: "c holds" },
      { status: "failed", fullName: "d holds" },
    ];
    const testResults = [{ name: join(root, "packages/b/b.test.ts"), status: "failed", assertionResults }];
    const summary = besideGood({ ...passing, success: false, numFailedTests: 2, testResults });
    expect(summary).toMatchObject({ passed: 6, failed: 2, problems: [] });
    expect(summary.failures).toEqual(["packages/b/b.test.ts: b holds", "packages/b/b.test.ts: d holds"]);
  });

  it("shows skipped tests, and counts them neither way", () => {
    const summary = besideGood({ ...passing, numPendingTests: 1, numTodoTests: 1 });
    expect(summary).toMatchObject({ passed: 6, failed: 0 });
    expect(summary.lines).toContain("packages/b: 3 passed, 0 failed, 2 skipped");
  });

  it.each<[string, VitestReport | string | undefined, string]>([
    ["a missing report", undefined, "packages/b: no test report"],
    ["half a report", '{"success": true', "packages/b: the test report cannot be read"],
    ["something else than a report", "{}", "packages/b: the test report cannot be read"],
    [
      "a report of an earlier run",
      { ...passing, startTime: STARTED_AT - 1 },
      "packages/b: the test report is of an earlier run",
    ],
    ["a report without tests", { ...passing, numPassedTests: 0 }, "packages/b: no test passed"],
    [
      "a run that failed for no reason given",
      { ...passing, success: false },
      "packages/b: vitest reports no success",
    ],
  ])("counts %s as a failure", (_kind, report, problem) => {
    const summary = besideGood(report);
    expect(summary.problems).toEqual([problem]);
    expect(summary.failed).toBe(1);
  });

  it("counts a test file that could not be loaded as a failure, and tells why", () => {
    const testResults = [
      ...passing.testResults,
      {
        name: join(root, "packages/b/broken.test.ts"),
        status: "failed",
        message: "oh no",
        assertionResults: [],
      },
    ];
    const summary = besideGood({ ...passing, success: false, testResults });
    expect(summary).toMatchObject({ passed: 6, failed: 1, problems: ["packages/b/broken.test.ts: oh no"] });
  });
});
