import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { clearTimeout, setTimeout } from "node:timers";

import { root, run, runQuietly, workspacePackages } from "./workspace.mjs";

const PNPM = "pnpm@10.34.9";

/** Marker in node_modules with the hash of the installed manifests. */
const STAMP = join(root, "node_modules/.installed-from");

/**
 * Installs the dependencies unless they are installed already, with Node and npm alone. Ends the process on failure.
 */
export function installDependencies() {
  const wanted = installInputs();
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return;
  // CI=true: pnpm must not ask before it removes an older install.
  const code = run("npx", ["-y", PNPM, "install", "--frozen-lockfile"], {
    output: "stderr",
    env: { CI: "true" },
  });
  if (code !== 0) process.exit(code);
  writeFileSync(STAMP, wanted);
}

/**
 * Builds packages and those that they depend on.
 *
 * @param {readonly string[]} [names] of packages; all by default
 * @param {{ output?: "stdout" | "stderr" }} [options]
 * @returns {number} the exit code of the step that failed, or 0
 */
export function build(names = [], options = {}) {
  for (const { command, args, env } of buildSteps(names)) {
    const code = run(command, args, { ...options, env });
    if (code !== 0) return code;
  }
  return 0;
}

/** A build takes longer than this only if there is something to build. */
const UP_TO_DATE_MS = 3_000;

/**
 * Builds a package and those that it depends on. Prints nothing, but for one line on the standard error if it takes long,
 * and for all output of a step that fails.
 *
 * @param {string} name
 * @returns {Promise<number>} the exit code of the step that failed, or 0
 */
export async function buildQuietly(name) {
  const notice = setTimeout(() => process.stderr.write("Building …\n"), UP_TO_DATE_MS);
  try {
    for (const { command, args, env } of buildSteps([name])) {
      const { code, printed } = await runQuietly(command, args, env);
      if (code === 0) continue;
      process.stderr.write(printed);
      return code;
    }
    return 0;
  } finally {
    clearTimeout(notice);
  }
}

/**
 * The steps of a build. One compiler process compiles all packages, since a process for each would read the same
 * declarations again and take four times as long. Then turbo runs the bundling of the packages that have one.
 *
 * @param {readonly string[]} names of packages; all if empty
 * @returns {{ command: string, args: string[], env: Record<string, string> }[]}
 */
function buildSteps(names) {
  const folders = workspacePackages()
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .map(({ folder }) => folder);
  const filters = names.map((name) => `--filter=${name}`);
  return [
    { command: "tsc", args: ["-b", ...folders], env: {} },
    {
      command: "turbo",
      args: ["run", "bundle", ...filters, "--output-logs=errors-only"],
      // Without telemetry and update notices.
      env: { TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1", TURBO_NO_UPDATE_NOTIFIER: "1" },
    },
  ];
}

/** Hash of the content; modification times differ in every checkout. */
function installInputs() {
  const files = [
    "package.json",
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
    ...readdirSync(join(root, "patches")).map((file) => join("patches", file)),
    ...workspacePackages().map(({ folder }) => join(folder, "package.json")),
  ];
  const hash = createHash("sha256");
  for (const file of files)
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(root, file)))
      .update("\0");
  return hash.digest("hex");
}
