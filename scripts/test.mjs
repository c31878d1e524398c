/**
 * `npm test` and `npm run test:slow`: installs missing dependencies, builds, runs the quick or the slow tests of every
 * package and of the repository, and ends with `N passed, N failed`. Exit code 0 only if no test failed and none was
 * left out.
 */
import { rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";

import { build, installDependencies } from "./workspace/setup.mjs";
import { removeStaleOutputs } from "./workspace/stale-outputs.mjs";
import { printSummary, summarise } from "./test-results/test-reports.mjs";
import { readRecords, unaccounted, unreadList, vectorFiles } from "./test-results/vector-accounting.mjs";
import { root, run, workspacePackages } from "./workspace/workspace.mjs";

/** Folders with slow tests. */
const SLOW = [
  ...["cli", "consensus", "mls", "session", "storage-level", "transport-gossipsub", "wire"].map(
    (name) => `packages/${name}`,
  ),
  "bench",
  "interop/peer",
  "simulator",
  "tests",
];

const isSlow = process.argv.includes("--slow");
const report = join(root, "reports", isSlow ? "vitest-slow.json" : "vitest.json");

installDependencies();
const startedAtMs = Date.now();
rmSync(join(root, "reports/vectors-read"), { recursive: true, force: true });

if (build() !== 0) {
  console.log("FAILED the build; see above\n0 passed, 1 failed");
  process.exit(1);
}
removeStaleOutputs(workspacePackages().map(({ folder }) => join(root, folder)));
const code = run("vitest", [
  "run",
  ...(isSlow ? ["--mode", "slow"] : []),
  "--reporter=dot",
  "--reporter=json",
  `--outputFile.json=${report}`,
  // With a forgotten `.only` a file would pass without running its other tests.
  "--allowOnly=false",
  // On two cores vitest takes one worker by default.
  `--maxWorkers=${Math.max(2, availableParallelism())}`,
]);

/** Folders that must have a test that passed. The script `test` tells packages with quick tests from others. */
const owing = isSlow
  ? SLOW
  : [
      ...workspacePackages()
        .filter(({ scripts }) => scripts["test"] === "vitest run")
        .map(({ folder }) => folder),
      "tests",
    ];
const summary = summarise(report, owing, root, startedAtMs);
const problems = isSlow ? [] : unaccounted(vectorFiles(root), unreadList(root), readRecords(root));
if (code !== 0 && summary.failed === 0) problems.push("vitest failed; see above");
process.exitCode = printSummary({
  ...summary,
  failed: summary.failed + problems.length,
  problems: [...summary.problems, ...problems],
});
