import { execFile, spawnSync } from "node:child_process";
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
  return [...grouped, "bench", "interop/peer", "simulator"]
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
    env: { ...withTools(), ...env },
  });
  if (error !== undefined) process.stderr.write(`${command}: ${error.message}\n`);
  return status ?? 1;
}

/**
 * Runs commands two at a time, the first ones first, and prints the output of each when it has ended.
 *
 * @param {readonly (readonly [command: string, ...args: string[]])[]} commands
 * @returns {Promise<number>} the exit code of a command that failed, or 0
 */
export async function runAll(commands) {
  const waiting = [...commands];
  let failed = 0;
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [command, ...args] = next;
      const { code, printed } = await runQuietly(command, args);
      console.log(`${code === 0 ? "passed" : "FAILED"}: ${next.join(" ")}\n${printed}`);
      if (code !== 0) failed = code;
    }
  };
  await Promise.all([lane(), lane()]);
  return failed;
}

/**
 * Runs a command without input and without printing.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env] besides this process's
 * @returns {Promise<{ code: number, printed: string }>} its exit code, and its output
 */
export function runQuietly(command, args, env = {}) {
  return new Promise((resolve) => {
    const options = { cwd: root, env: { ...withTools(), ...env }, maxBuffer: Infinity };
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      const isExit = typeof error?.code === "number";
      const message = error === null || isExit ? "" : error.message;
      resolve({
        code: error === null ? 0 : isExit ? Number(error.code) : 1,
        printed: stdout + stderr + message,
      });
    });
    child.stdin?.end();
  });
}

/** @returns {NodeJS.ProcessEnv} this process's, with the project's own tools found by name */
function withTools() {
  return { ...process.env, PATH: [join(root, "node_modules/.bin"), process.env["PATH"]].join(delimiter) };
}
