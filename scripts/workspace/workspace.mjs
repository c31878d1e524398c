import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * A member of the pnpm workspace.
 *
 * @typedef {object} WorkspacePackage
 * @property {string} name as in its package.json
 * @property {string} folder relative to the root
 * @property {Readonly<Record<string, string>>} scripts
 */

/**
 * The members of the workspace, in the order of their folders.
 *
 * @returns {WorkspacePackage[]}
 */
export function workspacePackages() {
  const grouped = ["packages", "examples"].flatMap((group) =>
    readdirSync(join(root, group)).map((entry) => join(group, entry)),
  );
  return [...grouped, "bench", "interop/peer"]
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .map((folder) => {
      const { name, scripts = {} } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
      return { name, folder, scripts };
    });
}

/**
 * Runs a command and waits for it. The project's own tools are found by name. The command gets no input.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {object} [options]
 * @param {string} [options.folder] the working folder, relative to the root; the root by default
 * @param {"stdout" | "stderr"} [options.output] the target of its stdout
 * @param {Record<string, string>} [options.env] besides this process's
 * @returns {number} its exit code; 1 if it did not start or was killed
 */
export function run(command, args, { folder = ".", output = "stdout", env = {} } = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: join(root, folder),
    stdio: ["ignore", output === "stderr" ? 2 : "inherit", "inherit"],
    env: {
      ...process.env,
      ...env,
      PATH: [join(root, "node_modules/.bin"), process.env["PATH"]].join(delimiter),
    },
  });
  if (error !== undefined) process.stderr.write(`${command}: ${error.message}\n`);
  return status ?? 1;
}

/**
 * Runs commands one after the other until one fails.
 *
 * @param {readonly (readonly [command: string, args: readonly string[]])[]} commands
 * @returns {number} the exit code of the one that failed, or 0
 */
export function runAll(commands) {
  for (const [command, args] of commands) {
    const code = run(command, args);
    if (code !== 0) return code;
  }
  return 0;
}
