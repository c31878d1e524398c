import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { root, run, workspacePackages } from "./workspace.mjs";

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
 * Runs turbo without telemetry, update notices or a remote cache.
 *
 * @param {readonly string[]} args
 * @param {{ output?: "stdout" | "stderr" }} [options]
 * @returns {number} its exit code
 */
export function turbo(args, options = {}) {
  return run("turbo", args, {
    ...options,
    env: { TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1", TURBO_NO_UPDATE_NOTIFIER: "1" },
  });
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
