/**
 * `npm run test:browser`: installs and builds missing parts, and runs tests in Chromium: the demo, MLS's primitives
 * compared with Node's, and the packages' tests that need nothing of Node. Exit code 2 if Chromium is missing and
 * cannot be installed.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

import { build, installDependencies } from "./workspace/setup.mjs";
import { printSummary, summarise } from "./test-results/test-reports.mjs";
import { root, run } from "./workspace/workspace.mjs";

const FOLDER = "browser";
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const ELSEWHERE = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const chromium = findChromium() ?? installChromium();
if (chromium === undefined) {
  console.error(
    "test:browser needs Chromium: install the package chromium, or name its executable by CHROMIUM_PATH.",
  );
  process.exit(2);
}

installDependencies();
if (build() !== 0) {
  console.log("FAILED the build; see above\n0 passed, 1 failed");
  process.exit(1);
}
let outcome = runTests(chromium);
if (lostTheServer(outcome.summary)) {
  console.error(
    "The page could not load test files; the requests that failed are named above. One more run:",
  );
  outcome = runTests(chromium);
}
process.exitCode = printSummary(outcome.summary) || outcome.code;

/** @param {string} executable Chromium's */
function runTests(executable) {
  const startedAtMs = Date.now();
  const report = join(root, "reports/vitest-browser.json");
  const code = run(
    "vitest",
    ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, "--allowOnly=false"],
    { folder: FOLDER, env: { CHROMIUM_PATH: executable } },
  );
  return { code, summary: summarise(report, [FOLDER], root, startedAtMs) };
}

/**
 * Whether all failures are test files that the page could not load. vitest's server sometimes fails to serve them on a
 * busy machine (vitest-dev/vitest#11171); a file that cannot be loaded at all fails in the next run too.
 *
 * @param {import("./test-results/test-reports.mjs").Summary} summary
 */
function lostTheServer({ failures, problems }) {
  return failures.length === 0 && problems.some((problem) => problem.includes("Failed to import test file"));
}

/** @returns {string | undefined} the executable */
function findChromium() {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const named = process.env["CHROMIUM_PATH"];
  const usual = [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...ELSEWHERE];
  return (named === undefined ? usual : [named]).find((path) => existsSync(path));
}

/**
 * Installs Chromium if this process may: as root on Debian and its derivatives.
 *
 * @returns {string | undefined} the executable
 */
function installChromium() {
  if (process.env["CHROMIUM_PATH"] !== undefined || process.getuid?.() !== 0) return undefined;
  if (spawnSync("apt-get", ["--version"]).status !== 0) return undefined;
  console.error("test:browser installs the package chromium.");
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  run("apt-get", ["update", "-qq"], { output: "stderr", env });
  const code = run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], {
    output: "stderr",
    env,
  });
  return code === 0 ? findChromium() : undefined;
}
