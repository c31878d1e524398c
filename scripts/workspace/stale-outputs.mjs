import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** What the compiler makes of a source file. */
const OUTPUT = /(\.d\.ts|\.js)(\.map)?$/;

/** What a source file may end with, to have such outputs. */
const SOURCES = [".ts", ".js", ".d.ts"];

/**
 * Removes from `dist/` what former builds made of files that are gone from `src/`: no build does, and it would be
 * published.
 *
 * @param {readonly string[]} folders of packages, as absolute paths
 */
export function removeStaleOutputs(folders) {
  for (const folder of folders) for (const path of staleOutputs(folder)) rmSync(join(folder, "dist", path));
}

/**
 * @param {string} folder
 * @returns {string[]} paths relative to its `dist/`
 */
function staleOutputs(folder) {
  const dist = join(folder, "dist");
  if (!existsSync(dist)) return [];
  return readdirSync(dist, { recursive: true, encoding: "utf8" }).filter(
    (path) =>
      OUTPUT.test(path) &&
      SOURCES.every((ending) => !existsSync(join(folder, "src", path.replace(OUTPUT, ending)))),
  );
}
