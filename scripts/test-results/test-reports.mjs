import { existsSync, readFileSync } from "node:fs";
import { relative, sep } from "node:path";

/**
 * The result of one run of vitest.
 *
 * @typedef {object} Summary
 * @property {number} passed tests that passed
 * @property {number} failed tests that failed, and everything in `problems`
 * @property {string[]} lines one for each folder with tests
 * @property {string[]} failures the tests that failed, by file and full name
 * @property {string[]} problems files that could not be loaded, folders without a test that passed, a broken report
 */

/**
 * The part of vitest's JSON report that is read here.
 *
 * @typedef {object} VitestReport
 * @property {boolean} success
 * @property {number} startTime
 * @property {FileResult[]} testResults
 */

/**
 * @typedef {object} FileResult
 * @property {string} name an absolute path
 * @property {string} status
 * @property {string} [message]
 * @property {{ status: string, fullName: string }[]} assertionResults
 */

/**
 * Sums up a report of vitest, made since `startedAtMs`, folder by folder. Each folder must have a test that passed.
 *
 * @param {string} path the report's
 * @param {readonly string[]} folders relative to `root`
 * @param {string} root
 * @param {number} startedAtMs since the Unix epoch
 * @returns {Summary}
 */
export function summarise(path, folders, root, startedAtMs) {
  const report = readReport(path);
  if (report === undefined) return broken("vitest left no report that can be read");
  if (report.startTime < startedAtMs) return broken("vitest's report is of an earlier run");

  const results = report.testResults.map((result) => ({ ...result, name: relative(root, result.name) }));
  const counts = folders.map((folder) => ({
    folder,
    ...count(results.filter(({ name }) => name.startsWith(folder + sep))),
  }));
  const all = count(results);
  const problems = [
    ...results
      .filter(({ status, assertionResults }) => status === "failed" && !assertionResults.some(hasFailed))
      .map(({ name, message }) => `${name}: ${message ?? "failed as a whole"}`),
    ...counts.filter(({ passed }) => passed === 0).map(({ folder }) => `${folder}: no test passed`),
  ];
  if (!report.success && all.failed === 0 && problems.length === 0)
    problems.push("vitest reports no success");
  return {
    passed: all.passed,
    failed: all.failed + problems.length,
    lines: counts.map(({ folder, passed, failed, skipped }) => {
      return `${folder}: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
    }),
    failures: results.flatMap(({ name, assertionResults }) =>
      assertionResults.filter(hasFailed).map(({ fullName }) => `${name}: ${fullName}`),
    ),
    problems,
  };
}

/**
 * Prints a summary, ending with `N passed, N failed`.
 *
 * @param {Summary} summary
 * @returns {number} the exit code: 0 only if tests passed and none failed
 */
export function printSummary({ passed, failed, lines, failures, problems }) {
  for (const line of lines) console.log(line);
  for (const failure of [...failures, ...problems]) console.log(`FAILED ${failure}`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

/**
 * @param {string} path
 * @returns {VitestReport | undefined}
 */
function readReport(path) {
  if (!existsSync(path)) return undefined;
  try {
    const report = JSON.parse(readFileSync(path, "utf8"));
    return Array.isArray(report.testResults) ? report : undefined;
  } catch {
    return undefined;
  }
}

/** @param {readonly Pick<FileResult, "assertionResults">[]} results */
function count(results) {
  const tests = results.flatMap(({ assertionResults }) => assertionResults);
  const passed = tests.filter(({ status }) => status === "passed").length;
  const failed = tests.filter(hasFailed).length;
  return { passed, failed, skipped: tests.length - passed - failed };
}

/** @param {{ status: string }} test */
function hasFailed({ status }) {
  return status === "failed";
}

/**
 * @param {string} problem
 * @returns {Summary}
 */
function broken(problem) {
  return { passed: 0, failed: 1, lines: [], failures: [], problems: [problem] };
}
