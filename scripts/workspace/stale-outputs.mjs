import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Compiler outputs of a source file. */
const OUTPUT = /(\.d\.ts|\.js)(\.map)?$/;

/** Extensions of source files with outputs. */
const SOURCES = [".ts", ".js", ".d.ts"];

/**
 * Removes outputs of deleted source files from `dist/`. Builds do not remove them, and a package would contain them.
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
