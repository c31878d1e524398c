import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { summarise, type FileResult, type VitestReport } from "../scripts/test-results/test-reports.mjs";

const STARTED_AT = 1_000;

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "reports-"));
});

afterEach(() => rmSync(root, { recursive: true }));

function file(path: string, ...statuses: readonly string[]): FileResult {
  const assertionResults = statuses.map((status, i) => ({ status, fullName: `test ${i}` }));
  const status = statuses.includes("failed") ? "failed" : "passed";
  return { name: join(root, path), status, assertionResults };
}

function reportOf(...testResults: readonly FileResult[]): VitestReport {
  return { success: true, startTime: STARTED_AT + 1, testResults: [...testResults] };
}

function summaryOf(report?: VitestReport | string) {
  const path = join(root, "report.json");
  if (report !== undefined) writeFileSync(path, typeof report === "string" ? report : JSON.stringify(report));
  return summarise(path, ["packages/a", "packages/b"], root, STARTED_AT);
}

describe("the summary of a test report", () => {
  it("adds up the tests that passed, folder by folder", () => {
    const report = reportOf(
      file("packages/a/test/a.test.ts", "passed", "passed"),
      file("packages/b/test/b.test.ts", "passed"),
      file("packages/b/test/c.test.ts", "passed", "passed"),
    );
    expect(summaryOf(report)).toEqual({
      passed: 5,
      failed: 0,
      lines: ["packages/a: 2 passed, 0 failed", "packages/b: 3 passed, 0 failed"],
      failures: [],
      problems: [],
    });
  });

  it("names the tests that failed", () => {
    const report = reportOf(
      file("packages/a/test/a.test.ts", "passed"),
      file("packages/b/test/b.test.ts", "failed", "passed", "failed"),
    );
    expect(summaryOf({ ...report, success: false })).toMatchObject({
      passed: 2,
      failed: 2,
      failures: ["packages/b/test/b.test.ts: test 0", "packages/b/test/b.test.ts: test 2"],
      problems: [],
    });
  });

  it("shows skipped tests, and counts them neither as passed nor as failed", () => {
    const report = reportOf(
      file("packages/a/test/a.test.ts", "passed"),
      file("packages/b/test/b.test.ts", "passed", "pending", "todo"),
    );
    expect(summaryOf(report)).toMatchObject({ passed: 2, failed: 0 });
    expect(summaryOf(report).lines).toContain("packages/b: 1 passed, 0 failed, 2 skipped");
  });

  it("counts a folder without a test that passed as a failure", () => {
    const report = reportOf(file("packages/a/test/a.test.ts", "passed"));
    expect(summaryOf(report)).toMatchObject({ failed: 1, problems: ["packages/b: no test passed"] });
  });

  it.each<[string, VitestReport | string | undefined, string]>([
    ["a missing report", undefined, "vitest left no report that can be read"],
    ["half a report", '{"success": true', "vitest left no report that can be read"],
    ["a file that is no report", "{}", "vitest left no report that can be read"],
    [
      "a report of an earlier run",
      { ...reportOf(), startTime: STARTED_AT - 1 },
      "vitest's report is of an earlier run",
    ],
  ])("counts %s as a failure", (_kind, report, problem) => {
    expect(summaryOf(report)).toMatchObject({ passed: 0, failed: 1, problems: [problem] });
  });

  it("counts a run that failed without a reason as a failure", () => {
    const report = reportOf(
      file("packages/a/test/a.test.ts", "passed"),
      file("packages/b/test/b.test.ts", "passed"),
    );
    const summary = summaryOf({ ...report, success: false });
    expect(summary).toMatchObject({ passed: 2, failed: 1, problems: ["vitest reports no success"] });
  });

  it("counts a test file that could not be loaded as a failure, and gives the reason", () => {
    const report = reportOf(
      file("packages/a/test/a.test.ts", "passed"),
      file("packages/b/test/b.test.ts", "passed"),
      { ...file("packages/b/test/broken.test.ts"), status: "failed", message: "oh no" },
    );
    const problems = ["packages/b/test/broken.test.ts: oh no"];
    expect(summaryOf({ ...report, success: false })).toMatchObject({ passed: 2, failed: 1, problems });
  });
});
