import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

import { root, workspacePackages } from "../scripts/workspace/workspace.mjs";

export { root } from "../scripts/workspace/workspace.mjs";

/** The part of a package.json that the tests read. */
export interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly description?: string;
  readonly keywords?: readonly string[];
  readonly license?: string;
  readonly type?: string;
  readonly private?: boolean;
  readonly sideEffects?: boolean;
  readonly engines?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly imports?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
  readonly publishConfig?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** A package of packages/ with its files as text. */
export interface PackageSource {
  /** Relative to the root, such as `packages/wire`. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** Its TypeScript files in `src/` and `test/`: path relative to `folder`, content. */
  readonly files: ReadonlyMap<string, string>;
}

/** Folders without files of the project. */
const NOT_SOURCE = new Set([".git", ".turbo", "dist", "node_modules", "reports", "target"]);

/** Every file of the project under `folder`, by path relative to the root. */
export function projectFiles(folder = "."): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (NOT_SOURCE.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? projectFiles(path) : [path];
  });
}

/** The content of a file by path relative to the root. */
export function readText(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** All of packages/. */
export function packageSources(): PackageSource[] {
  return workspacePackages()
    .filter(({ folder }) => folder.startsWith("packages"))
    .map(({ folder }) => ({
      folder,
      manifest: JSON.parse(readText(join(folder, "package.json"))) as Manifest,
      files: new Map(
        ["src", "test", "bin"]
          .filter((part) => existsSync(join(root, folder, part)))
          .flatMap((part) => projectFiles(join(folder, part)))
          .filter((path) => /\.(ts|js|mjs)$/.test(path))
          .map((path) => [relative(folder, path), readText(path)]),
      ),
    }));
}
