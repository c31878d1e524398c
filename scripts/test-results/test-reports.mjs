import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** Where each suite's JSON report is, relative to the suite's folder. */
export const REPORT = "reports/vitest.json";

/**
 * The result of all suites together.
 *
 * @typedef {object} Summary
 * @property {number} passed tests that passed
 * @property {number} failed tests that failed, and everything in `problems`
 * @property {string[]} lines one for each suite with a report
 * @property {string[]} failures the tests that failed, by file and full name
 * @property {string[]} problems what is wrong besides tests that failed
 */

/**
 * Sums up the vitest reports of `folders`. Each of them owes a report, made since `startedAtMs`, with
 * at least one test that passed.
 *
 * @param {readonly string[]} folders relative to `root`
 * @param {string} root
 * @param {number} startedAtMs since the Unix epoch
 * @returns {Summary}
 */
export function summarise(folders, root, startedAtMs) {
  const suites = folders.map((folder) => summariseSuite(folder, root, startedAtMs));
  const problems = suites.flatMap((suite) => suite.problems);
  return {
    passed: sum(suites, "passed"),
    failed: sum(suites, "failed") + problems.length,
    lines: suites.flatMap((suite) => suite.lines),
    failures: suites.flatMap((suite) => suite.failures),
    problems,
  };
}

/**
 * @param {string} folder
 * @param {string} root
 * @param {number} startedAtMs
 * @returns {Summary}
 */
function summariseSuite(folder, root, startedAtMs) {
  const path = join(root, folder, REPORT);
  if (!existsSync(path)) return broken(`${folder}: no test report`);
  const report = parse(readFileSync(path, "utf8"));
  if (report === undefined) return broken(`${folder}: the test report cannot be read`);
  if (report.startTime < startedAtMs) return broken(`${folder}: the test report is of an earlier run`);

  const problems = report.testResults
    .filter(({ status, assertionResults }) => status === "failed" && !assertionResults.some(hasFailed))
    .map(({ name, message }) => `${relative(root, name)}: ${message ?? "failed as a whole"}`);
  if (report.numPassedTests === 0) problems.push(`${folder}: no test passed`);
  if (!report.success && report.numFailedTests === 0 && problems.length === 0) {
    problems.push(`${folder}: vitest reports no success`);
  }
  const { numPassedTests: passed, numFailedTests: failed } = report;
  const skipped = report.numPendingTests + report.numTodoTests;
  const line = `${folder}: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
  const failures = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.filter(hasFailed).map(({ fullName }) => `${relative(root, name)}: ${fullName}`),
  );
  return { passed, failed, lines: [line], failures, problems };
}

/**
 * The part of vitest's JSON report that counts.
 *
 * @typedef {object} VitestReport
 * @property {boolean} success
 * @property {number} startTime
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {{ name: string, status: string, message?: string, assertionResults: TestResult[] }[]} testResults
 */

/** @typedef {{ status: string, fullName: string }} TestResult */

/**
 * @param {string} json
 * @returns {VitestReport | undefined}
 */
function parse(json) {
  try {
    const report = JSON.parse(json);
    return Array.isArray(report.testResults) ? report : undefined;
  } catch {
    return undefined;
  }
}

/** @param {TestResult} test */
function hasFailed({ status }) {
  return status === "failed";
}

/**
 * @param {string} problem
 * @returns {Summary}
 */
function broken(problem) {
  return { passed: 0, failed: 0, lines: [], failures: [], problems: [problem] };
}

/**
 * @param {readonly Summary[]} suites
 * @param {"passed" | "failed"} key
 */
function sum(suites, key) {
  return suites.reduce((total, suite) => total + suite[key], 0);
}
