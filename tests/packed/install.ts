import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Packed } from "./pack.js";

/** What npm says where it has no way to a registry. */
const NO_REGISTRY =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT)\b/;

/**
 * Installs packed packages with npm as a stranger would: into a folder with nothing but a package.json, without
 * anything that this machine's user has set up or cached.
 *
 * @returns what npm said where it could not reach a registry; `undefined` once they are installed
 * @throws where npm fails for any other reason
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

/** What a process came to. */
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

/** Runs a script in `folder` with plain node, without input, however it ends. */
export function runInstalled(folder: string, script: string, ...args: readonly string[]): Run {
  return spawnSync(process.execPath, [join(folder, script), ...args], {
    cwd: folder,
    encoding: "utf8",
    input: "",
  });
}
