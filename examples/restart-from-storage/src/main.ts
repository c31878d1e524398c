import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const LIFE = fileURLToPath(new URL("life.js", import.meta.url));

/** Runs a process, and prints how it ended. */
function live(which: "first" | "second", ...where: readonly string[]): void {
  const { signal, status } = spawnSync(process.execPath, [LIFE, which, ...where], { stdio: "inherit" });
  if (signal === null && status !== 0) throw new Error(`The process failed with status ${status}.`);
  console.log(signal === null ? "  The process ends." : `  The process is killed: ${signal}.`);
}

console.log("With a storage in memory:");
live("first");
console.log("The process is started again:");
live("second");

const folder = mkdtempSync(join(tmpdir(), "demls-restart-"));
try {
  console.log("\nWith a storage on disk:");
  live("first", folder);
  console.log("The process is started again:");
  live("second", folder);
} finally {
  rmSync(folder, { recursive: true });
}
