import { describe, expect, it } from "vitest";

import { layerViolations } from "./layers/check.js";
import { cyclesIn } from "./layers/cycles.js";
import { importsOf } from "./layers/imports.js";
import { DEFAULT_IMPLEMENTATIONS } from "./layers/rules.js";
import { packageSources, type Manifest, type PackageSource } from "./workspace.js";

const real = packageSources();

/** The real manifests without a file: all that a planted file needs around it. */
const bare = real.map((source) => ({ ...source, files: new Map<string, string>() }));

/** Those violations that planting `files` in `folder` brings. */
function planted(folder: string, files: Readonly<Record<string, string>>): string[] {
  return newViolations((source) =>
    source.folder === folder ? { ...source, files: new Map(Object.entries(files)) } : source,
  );
}

/** Those violations that changing the manifest of `folder` brings. */
function changed(folder: string, change: (manifest: Manifest) => Manifest): string[] {
  return newViolations((source) =>
    source.folder === folder ? { ...source, manifest: change(source.manifest) } : source,
  );
}

function newViolations(change: (source: PackageSource) => PackageSource): string[] {
  const before = new Set(layerViolations(bare));
  return layerViolations(bare.map(change)).filter((violation) => !before.has(violation));
}

describe("the layers", () => {
  it("hold in every package", () => {
    expect(real.length).toBeGreaterThanOrEqual(10);
    expect(layerViolations(real)).toEqual([]);
  });

  it("are seen broken in the midst of everything else", () => {
    const text = 'import { createUser } from "demls";';
    const withPlanted = real.map((source) =>
      source.folder === "packages/wire"
        ? { ...source, files: new Map([...source.files, ["src/planted.ts", text]]) }
        : source,
    );
    expect(layerViolations(withPlanted).filter((violation) => violation.includes("planted"))).toEqual([
      "packages/wire/src/planted.ts:1: demls is not in dependencies",
      "packages/wire/src/planted.ts:1: @demls/wire may not import demls",
    ]);
  });

  it.each([
    ["packages/wire", "@demls/mls", "@demls/wire may not import @demls/mls"],
    ["packages/mls", "@demls/wire", "@demls/mls may not import @demls/wire"],
    ["packages/steward", "@demls/scoring", "@demls/steward may not import @demls/scoring"],
    ["packages/scoring", "@demls/wire", "@demls/scoring may not import @demls/wire"],
    ["packages/consensus", "@demls/steward", "@demls/consensus may not import @demls/steward"],
    ["packages/session", "demls", "@demls/session may not import demls"],
    ["packages/session", "@demls/transport-memory", "@demls/session may not import @demls/transport-memory"],
    ["packages/demls", "@demls/testkit", "demls may not import @demls/testkit"],
    ["packages/testkit", "@demls/session", "@demls/testkit may not import @demls/session"],
    ["packages/cli", "@demls/session", "@demls/cli may not import @demls/session"],
  ])("of %s are broken by an import of %s, seen with its file and line", (folder, specifier, problem) => {
    const text = `\n\nimport type { Anything } from "${specifier}";\n`;
    expect(planted(folder, { "src/planted.ts": text })).toContain(`${folder}/src/planted.ts:3: ${problem}`);
  });

  it.each([
    ["an export", 'export { x } from "@demls/mls";'],
    ["an export of everything", 'export * from "@demls/mls";'],
    ["an import for its effects", 'import "@demls/mls";'],
    ["a dynamic import", 'const x = await import("@demls/mls");'],
    ["an import type", 'type X = import("@demls/mls").X;'],
  ])("are broken by %s as well", (_kind, text) => {
    expect(planted("packages/wire", { "src/planted.ts": text })).toContain(
      "packages/wire/src/planted.ts:1: @demls/wire may not import @demls/mls",
    );
  });

  it.each([
    ['import { createMlsService } from "@demls/mls";', "createMlsService of @demls/mls"],
    ['import { createPeerScoring as x } from "@demls/scoring";', "createPeerScoring of @demls/scoring"],
    ['import * as steward from "@demls/steward";', "* of @demls/steward"],
    ['export { createEthereumSigner } from "@demls/consensus";', "createEthereumSigner of @demls/consensus"],
  ])("keep default implementations out of session: %s", (text, what) => {
    expect(planted("packages/session", { "src/planted.ts": text })).toEqual([
      `packages/session/src/planted.ts:1: @demls/session may not import the default implementation ${what}`,
    ]);
  });

  it("let session name the type of a default implementation, and call a pure function", () => {
    const text =
      'import type { createMlsService } from "@demls/mls"; import { commitHash } from "@demls/steward";';
    expect(planted("packages/session", { "src/planted.ts": text })).toEqual([]);
  });

  it("know default implementations by names that exist", () => {
    for (const [name, exported] of Object.entries(DEFAULT_IMPLEMENTATIONS)) {
      const text = [...(real.find(({ manifest }) => manifest.name === name)?.files.values() ?? [])].join(
        "\n",
      );
      for (const each of exported)
        expect(text).toMatch(new RegExp(`^export (async )?(const|function) ${each}\\b`, "m"));
    }
  });

  it("are broken by a path into another package", () => {
    const text = 'import { x } from "../../mls/src/index.js";';
    expect(planted("packages/steward", { "src/planted.ts": text })).toEqual([
      "packages/steward/src/planted.ts:1: ../../mls/src/index.js leads out of the package",
    ]);
  });

  it("are broken by a subpath that the other package does not export", () => {
    const text = 'import { x } from "@demls/wire/dist/index.js";';
    expect(planted("packages/steward", { "test/planted.ts": text })).toEqual([
      "packages/steward/test/planted.ts:1: @demls/wire does not export ./dist/index.js",
    ]);
  });

  it("let tests use the vectors by path, and the source not", () => {
    const text = 'import { loadVectors } from "../../../vectors/load.js";';
    expect(planted("packages/steward", { "test/planted.ts": text })).toEqual([]);
    expect(planted("packages/steward", { "src/planted.ts": text })).toEqual([
      "packages/steward/src/planted.ts:1: ../../../vectors/load.js leads out of the package",
    ]);
  });

  it("give every package a place", () => {
    const stranger = { folder: "packages/stranger", manifest: { name: "@demls/stranger" }, files: new Map() };
    expect(layerViolations([...bare, stranger])).toContain("packages/stranger/package.json: it has no layer");
  });
});

describe("dependencies", () => {
  it("that the build bundles are imported by one file, and by none of another package", () => {
    const text = 'import { joinGroup } from "ts-mls";';
    expect(planted("packages/mls", { "src/ts-mls.ts": text, "test/planted.ts": text })).toEqual([]);
    expect(planted("packages/mls", { "src/planted.ts": text })).toEqual([
      "packages/mls/src/planted.ts:1: ts-mls is for src/ts-mls.ts alone to import",
    ]);
    expect(planted("packages/session", { "src/ts-mls.ts": text })).toEqual([
      "packages/session/src/ts-mls.ts:1: ts-mls is not in dependencies",
    ]);
  });

  it("are RxJS where applications are told of changes, and nowhere below", () => {
    const text = 'import { Subject } from "rxjs";';
    expect(planted("packages/transport-gossipsub", { "src/planted.ts": text })).toEqual([]);
    expect(planted("packages/transport-memory", { "src/planted.ts": text })).toEqual([
      "packages/transport-memory/src/planted.ts:1: @demls/transport-memory may not import rxjs",
      "packages/transport-memory/src/planted.ts:1: rxjs is not in dependencies",
    ]);
  });

  it("are declared by the package whose source imports them", () => {
    expect(planted("packages/steward", { "src/planted.ts": 'import { z } from "zod/mini";' })).toEqual([
      "packages/steward/src/planted.ts:1: zod is not in dependencies",
    ]);
  });

  it("are declared by the package whose tests import them", () => {
    expect(planted("packages/wire", { "test/planted.ts": 'import "@demls/testkit";' })).toEqual([
      "packages/wire/test/planted.ts:1: @demls/testkit is not in devDependencies",
    ]);
  });

  it("are imported where they are declared", () => {
    const violations = changed("packages/steward", (manifest) => ({
      ...manifest,
      dependencies: { ...manifest.dependencies, rxjs: "7.8.2" },
    }));
    expect(violations).toEqual(["packages/steward/package.json: nothing imports the dependency rxjs"]);
  });

  it("do not go in a circle, also where only tests use them", () => {
    const violations = changed("packages/wire", (manifest) => ({
      ...manifest,
      devDependencies: { "@demls/testkit": "workspace:^" },
    }));
    expect(violations.join("\n")).toMatch(/packages in a circle: .*@demls\/wire/);
  });

  it.each([
    [
      "import",
      ["files in a circle: packages/wire/src/a.ts → packages/wire/src/b.ts → packages/wire/src/a.ts"],
    ],
    ["import type", []],
  ])("between files do not go in a circle at run time, but may as types: %s", (keyword, violations) => {
    const files = {
      "src/a.ts": `${keyword} { b } from "./b.js";`,
      "src/b.ts": `${keyword} { a } from "./a.js";`,
    };
    expect(planted("packages/wire", files)).toEqual(violations);
  });
});

describe("the reader of imports", () => {
  it("tells the names that are left at run time", () => {
    const text =
      'import main, { a, b as c, type D } from "x";\nimport type { E } from "y";\nexport { f as g } from "z";';
    expect(importsOf("file.ts", text)).toEqual([
      { specifier: "x", line: 1, names: ["default", "a", "b"], typeOnly: false },
      { specifier: "y", line: 2, names: [], typeOnly: true },
      { specifier: "z", line: 3, names: ["f"], typeOnly: false },
    ]);
  });

  it("does not take a comment or a string for an import", () => {
    expect(importsOf("file.ts", '// import "x";\nconst text = \'import "y";\';')).toEqual([]);
  });
});

describe("the search for circles", () => {
  it("finds one of any length, and none in a tree with shared branches", () => {
    const tree = new Map([
      ["a", ["b", "c"]],
      ["b", ["d"]],
      ["c", ["d"]],
    ]);
    expect(cyclesIn(tree)).toEqual([]);
    expect(cyclesIn(new Map([...tree, ["d", ["a"]]]))).toEqual(["a → b → d → a"]);
    expect(cyclesIn(new Map([["a", ["a"]]]))).toEqual(["a → a"]);
  });
});
