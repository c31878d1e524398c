/**
 * `npm test`: sets up what is missing, builds, runs the tests of every package and of the repository,
 * and ends with `N passed, N failed`. Exit code 0 only where nothing failed and nothing was left out.
 */
import { rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";

import { installDependencies, turbo } from "./workspace/setup.mjs";
import { removeStaleOutputs } from "./workspace/stale-outputs.mjs";
import { REPORT, summarise } from "./test-results/test-reports.mjs";
import { readRecords, unaccounted, unreadList, vectorFiles } from "./test-results/vector-accounting.mjs";
import { root, run, workspacePackages } from "./workspace/workspace.mjs";

const VITEST = [
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${REPORT}`,
  // A forgotten `.only` would pass while it hides every other test of its file.
  "--allowOnly=false",
  // Time in tests is virtual, so that only a busy machine is ever slow; a hang still ends.
  "--testTimeout=60000",
  // On two cores vitest takes one worker by default, and the longest suite would end on one core alone.
  `--maxWorkers=${Math.max(2, availableParallelism())}`,
];

const TURBO_TEST = ["run", "test", "--only", "--continue", "--concurrency=2", "--output-logs=errors-only"];

installDependencies();

/** Every package owes tests; an example, where it says so. Those of the repository itself are in tests/. */
const folders = [
  ...workspacePackages()
    .filter(({ folder, scripts }) => folder.startsWith("packages/") || "test" in scripts)
    .map(({ folder }) => folder),
  "tests",
];
const startedAtMs = Date.now();
for (const folder of folders) rmSync(join(root, folder, "reports"), { recursive: true, force: true });

// Not as a part of the tests: turbo would take the arguments for vitest into account and build again.
if (turbo(["run", "build", "--output-logs=errors-only"]) !== 0) {
  console.log("FAILED the build; see above\n0 passed, 1 failed");
  process.exit(1);
}
removeStaleOutputs(workspacePackages().map(({ folder }) => join(root, folder)));
const codes = [
  turbo([...TURBO_TEST, "--", ...VITEST]),
  run("vitest", ["run", ...VITEST], { folder: "tests" }),
];

const summary = summarise(folders, root, startedAtMs);
const problems = [
  ...summary.problems,
  ...unaccounted(vectorFiles(root), unreadList(root), readRecords(folders, root)),
];
if (codes.some((code) => code !== 0) && summary.failed === 0) {
  problems.push("a test command failed; see above");
}

const failed = summary.failed - summary.problems.length + problems.length;
for (const line of summary.lines) console.log(line);
for (const failure of [...summary.failures, ...problems]) console.log(`FAILED ${failure}`);
console.log(`${summary.passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && summary.passed > 0 ? 0 : 1;
