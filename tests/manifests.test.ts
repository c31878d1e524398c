import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

import ts from "typescript";
import { describe, expect, it } from "vitest";

import { packageSources, projectFiles, readText, root, type Manifest } from "./workspace.js";

const packages = packageSources();
const rootManifest = JSON.parse(readText("package.json")) as Manifest;

it("All packages have one version", () => {
  expect(new Set(packages.map(({ manifest }) => manifest.version)).size).toBe(1);
});

/**
 * Project rules that no manifest linter checks. `packed.slow.test.ts` checks with publint that exported files exist and
 * are packed, types first. publint does not check the targets of `imports`.
 */
describe.each(packages.map(({ folder, manifest }) => [folder, manifest] as const))(
  "%s",
  (folder, manifest) => {
    it("has a description and both licences, and is an ES module without side effects", () => {
      expect(manifest).toMatchObject({
        license: "MIT OR Apache-2.0",
        type: "module",
        sideEffects: false,
        engines: rootManifest.engines,
      });
      expect(manifest.private).toBeUndefined();
      expect(manifest.description).toMatch(/^[A-Z].{20,}\.$/);
      expect(manifest.name).toBe(
        folder === "packages/demls" ? "demls" : folder.replace("packages", "@demls"),
      );
    });

    it("has keywords and public access", () => {
      expect(manifest.keywords).toEqual(expect.arrayContaining(["de-mls", "mls"]));
      expect(new Set(manifest.keywords).size).toBe(manifest.keywords?.length);
      expect(manifest.publishConfig).toEqual({ access: "public" });
    });

    it("exports modules with their types, or a command", () => {
      expect(Object.keys({ ...manifest.exports, ...manifest.bin })).not.toEqual([]);
      for (const [subpath, conditions] of Object.entries(manifest.exports ?? {}))
        expect(Object.keys(conditions), subpath).toEqual(["types", "default"]);
    });

    it("has only built files as targets of its imports", () => {
      for (const file of Object.values(manifest.imports ?? {}).flatMap((conditions) =>
        Object.values(conditions),
      )) {
        expect(file).toMatch(/^\.\/dist\//);
        expect(existsSync(join(root, folder, file)), file).toBe(true);
      }
    });

    it("packs its source, its build and both licences of the repository", () => {
      expect(manifest.files).toEqual(
        expect.arrayContaining(["dist", "src", "LICENSE-MIT", "LICENSE-APACHE"]),
      );
      for (const licence of ["LICENSE-MIT", "LICENSE-APACHE"]) {
        expect(readText(join(folder, licence))).toBe(readText(licence));
      }
    });

    it("has a README with its name as the title and an install command", () => {
      const readme = readText(join(folder, "README.md"));
      expect(readme.startsWith(`# ${manifest.name}\n`)).toBe(true);
      expect(readme).toMatch(new RegExp(`npm (install|i|exec) .*${manifest.name}|npx .*${manifest.name}`));
    });

    it("has the same build and test scripts as the others, and no install scripts", () => {
      expect(manifest.scripts).toMatchObject({ test: "vitest run" });
      expect(manifest.scripts?.["build"]).toMatch(/^tsc -b( && node scripts\/[\w-]+\.mjs)?$/);
      const lifecycle = ["preinstall", "install", "postinstall", "prepare", "prepublish"];
      expect(Object.keys(manifest.scripts ?? {}).filter((script) => lifecycle.includes(script))).toEqual([]);
    });

    it("depends on workspace packages by caret, and on others by exact version", () => {
      for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
        const own = packages.some((other) => other.manifest.name === name);
        expect(range, name).toMatch(own ? /^workspace:\^$/ : /^\d+\.\d+\.\d+$/);
      }
    });
  },
);

/** Folders of the projects that a tsconfig.json references. */
function referencesOf(path: string): readonly string[] {
  const { config } = ts.readConfigFile(join(root, path), ts.sys.readFile) as {
    readonly config: { readonly references?: readonly { readonly path: string }[] };
  };
  return (config.references ?? []).map((reference) => join(dirname(path), reference.path));
}

describe("the projects that reference demls", () => {
  const sources =
    packages.find(({ folder }) => folder === "packages/demls")?.files ?? new Map<string, string>();
  const exported = [...sources]
    .filter(([path]) => path.startsWith("src"))
    .flatMap(([, text]) => [...text.matchAll(/ from "@demls\/([a-z-]+)/g)].map((match) => match[1] ?? ""));
  const needed = [...new Set(exported)].map((name) => join("packages", name)).sort();
  const projects = projectFiles()
    .filter((path) => path.endsWith("tsconfig.json"))
    .filter((path) => referencesOf(path).includes("packages/demls"));

  it("are several, and demls re-exports types of several packages", () => {
    expect(projects).toContain("packages/cli/tsconfig.json");
    expect(needed).toContain("packages/session");
  });

  // tsc -b checks only referenced projects for changes: without a reference, changed types would not be noticed.
  it.each(projects)("reference each package whose types it re-exports: %s", (path) => {
    const references = referencesOf(path);
    expect(needed.filter((folder) => !references.includes(folder))).toEqual([]);
  });
});
