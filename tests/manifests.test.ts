import { dirname, join } from "node:path";

import ts from "typescript";
import { describe, expect, it } from "vitest";

import { packageSources, projectFiles, readText, root, type Manifest } from "./workspace.js";

const packages = packageSources();
const rootManifest = JSON.parse(readText("package.json")) as Manifest;

/**
 * House rules that no linter of manifests knows. `packed.slow.test.ts` holds by publint that exported files are there and
 * shipped, types first; one version for all packages is `fixed` in the settings of changesets.
 */
describe.each(packages.map(({ folder, manifest }) => [folder, manifest] as const))(
  "%s",
  (folder, manifest) => {
    it("says what it is, under both licences, as an ES module without side effects", () => {
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

    it("can be found in a registry by its keywords, and read by all", () => {
      expect(manifest.keywords).toEqual(expect.arrayContaining(["de-mls", "mls"]));
      expect(new Set(manifest.keywords).size).toBe(manifest.keywords?.length);
      expect(manifest.publishConfig).toEqual({ access: "public" });
    });

    it("exports modules, or a command", () => {
      expect(Object.keys({ ...manifest.exports, ...manifest.bin })).not.toEqual([]);
    });

    it("ships its source, its build and both licences, which are the repository's", () => {
      expect(manifest.files).toEqual(
        expect.arrayContaining(["dist", "src", "LICENSE-MIT", "LICENSE-APACHE"]),
      );
      for (const licence of ["LICENSE-MIT", "LICENSE-APACHE"]) {
        expect(readText(join(folder, licence))).toBe(readText(licence));
      }
    });

    it("has a README that begins with its name and tells how to install it", () => {
      const readme = readText(join(folder, "README.md"));
      expect(readme.startsWith(`# ${manifest.name}\n`)).toBe(true);
      expect(readme).toMatch(new RegExp(`npm (install|i|exec) .*${manifest.name}|npx .*${manifest.name}`));
    });

    it("builds and tests by the same commands as the others, and runs nothing when it is installed", () => {
      expect(manifest.scripts).toMatchObject({ test: "vitest run" });
      expect(manifest.scripts?.["build"]).toMatch(/^tsc -b( && node scripts\/[\w-]+\.mjs)?$/);
      const lifecycle = ["preinstall", "install", "postinstall", "prepare", "prepublish"];
      expect(Object.keys(manifest.scripts ?? {}).filter((script) => lifecycle.includes(script))).toEqual([]);
    });

    it("asks for other packages of the workspace by caret, and for the rest by an exact version", () => {
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

  it("are several, and demls passes on types of several packages", () => {
    expect(projects).toContain("packages/cli/tsconfig.json");
    expect(needed).toContain("packages/session");
  });

  // tsc -b looks at no other package for changes: a type that changed there would keep its former meaning.
  it.each(projects)("reference each package whose types it passes on: %s", (path) => {
    const references = referencesOf(path);
    expect(needed.filter((folder) => !references.includes(folder))).toEqual([]);
  });
});
