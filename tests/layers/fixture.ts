import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { packageSources, type Manifest } from "../workspace.js";
import { cruiseLayers } from "./cruise.js";

const packages = packageSources();

/** Dependencies of the root, which Node finds from every package. */
const ROOT_DEPENDENCIES = ["eslint", "vitest"];

/**
 * The rules that `files` (text by path) violate, in a tree with only the manifests and entry points of all packages.
 * Every package is installed in every other one, so that only the rules can reject an import.
 */
export async function violationsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const root = mkdtempSync(join(tmpdir(), "demls-layers-"));
  try {
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    };
    for (const name of ROOT_DEPENDENCIES) writeDependency(write, "", name);
    write("package.json", JSON.stringify({ name: "fixture", devDependencies: versions(ROOT_DEPENDENCIES) }));
    for (const { folder, manifest } of packages) writePackage(write, folder, manifest);
    for (const { folder } of packages) linkPackages(root, folder);
    for (const [path, text] of Object.entries(files)) write(path, text);
    return (await cruiseLayers(root, ["packages", "interop"])).violations;
  } finally {
    rmSync(root, { recursive: true });
  }
}

type Write = (path: string, text: string) => void;

function writePackage(write: Write, folder: string, manifest: Manifest): void {
  write(`${folder}/package.json`, JSON.stringify(manifest));
  for (const entry of Object.values(manifest.exports ?? {}))
    for (const path of Object.values(entry)) write(join(folder, path), "");
  const own = new Set(packages.map((each) => each.manifest.name));
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }))
    if (!own.has(name)) writeDependency(write, `${folder}/`, name);
}

function writeDependency(write: Write, folder: string, name: string): void {
  write(`${folder}node_modules/${name}/package.json`, JSON.stringify({ name, main: "index.js" }));
  write(`${folder}node_modules/${name}/index.js`, "");
}

function linkPackages(root: string, folder: string): void {
  for (const { folder: target, manifest } of packages) {
    if (target === folder) continue;
    const link = join(root, folder, "node_modules", manifest.name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, target), link);
  }
}

function versions(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, "1.0.0"]));
}
