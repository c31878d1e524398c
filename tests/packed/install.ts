import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Packed } from "./pack.js";

/** npm's messages if it cannot reach a registry. */
const NO_REGISTRY =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT)\b/;

/**
 * Installs packed packages with npm into a folder with only a package.json, without this user's npm settings and cache.
 *
 * @returns npm's message if it cannot reach a registry; `undefined` after the install
 * @throws if npm fails for any other reason
 */
export function installByNpm(packed: readonly Packed[], folder: string, home: string): string | undefined {
  for (const path of [folder, home]) mkdirSync(path, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const { status, stderr } = spawnSync(
    "npm",
    ["install", "--no-audit", "--no-fund", ...packed.map(({ file }) => file)],
    {
      cwd: folder,
      env: { ...process.env, HOME: home, USERPROFILE: home },
      encoding: "utf8",
    },
  );
  if (status === 0) return undefined;
  if (!NO_REGISTRY.test(stderr)) throw new Error(`npm install failed:\n${stderr}`);
  return stderr;
}

/** Result of a process. */
export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script in `folder` with plain node, and returns what it prints. */
export function runByNode(folder: string, script: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = runInstalled(folder, script, ...args);
  if (status !== 0) throw new Error(`${script} failed:\n${stderr}`);
  return stdout;
}

/** Runs a script in `folder` with plain node, without input. Never throws. */
export function runInstalled(folder: string, script: string, ...args: readonly string[]): Run {
  return spawnSync(process.execPath, [join(folder, script), ...args], {
    cwd: folder,
    encoding: "utf8",
    input: "",
  });
}
