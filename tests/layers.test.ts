import { readFileSync } from "node:fs";
import { join } from "node:path";

import { beforeAll, describe, expect, it } from "vitest";

import { INDEXED } from "../.dependency-cruiser.mjs";
import { cruiseLayers } from "./layers/cruise.js";
import { violationsOf } from "./layers/fixture.js";
import { root } from "./workspace.js";

/** Forbidden imports across layers: the importing package, and the imported specifier. */
const REFUSED = [
  ["packages/wire", "@demls/mls"],
  ["packages/mls", "@demls/wire"],
  ["packages/steward", "@demls/scoring"],
  ["packages/scoring", "@demls/wire"],
  ["packages/consensus", "@demls/steward"],
  ["packages/session", "demls"],
  ["packages/session", "@demls/transport-memory"],
  ["packages/demls", "@demls/testkit"],
  ["packages/testkit", "@demls/session"],
  ["packages/cli", "@demls/session"],
  ["packages/cli", "@demls/testkit"],
] as const;

/** Every syntax of an import, with the kind of file that contains it. */
const WAYS = [
  ["export", 'export { x } from "@demls/mls";'],
  ["export-everything", 'export * from "@demls/mls";'],
  ["import-for-effects", 'import "@demls/mls";'],
  ["dynamic-import", 'export const x = await import("@demls/mls");'],
  ["import-type", 'export type X = import("@demls/mls").X;'],
] as const;

/** Imports from a lower folder to an upper one: common folder, lower file, specifier, upper file. */
const UPWARDS = [
  ["packages/mls/src", "tree/low.ts", "../commit/high.js", "commit/high.ts"],
  ["packages/mls/src", "crypto/low.ts", "../high.js", "high.ts"],
  ["packages/mls/src", "ts-mls.ts", "./crypto/high.js", "crypto/high.ts"],
  ["packages/wire/src", "core/low.ts", "../high.js", "high.ts"],
  ["packages/session/src", "model/low.ts", "../step/high.js", "step/high.ts"],
  ["packages/cli/src", "demo/low.ts", "../chat/high.js", "chat/high.ts"],
  ["packages/cli/src/chat", "room/low.ts", "../view/high.js", "view/high.ts"],
  ["interop", "driver/low.ts", "../scenarios/high.js", "scenarios/high.ts"],
  ["interop/driver", "flat.ts", "./divergence/high.js", "divergence/high.ts"],
  ["interop/peer/src", "protocol/low.ts", "../user/high.js", "user/high.ts"],
  ["simulator/src", "world/low.ts", "../life/high.js", "life/high.ts"],
] as const;

/** Cycles of three modules. */
const CIRCLES = [
  ["import", (file: string) => `import { x } from "${file}"; export const y = x;`],
  ["import-type", (file: string) => `import type { X } from "${file}"; export type Y = X;`],
  ["type-of-import", (file: string) => `export type Y = import("${file}").X;`],
] as const;

/** Most names that the index of a folder exports: more are no one part. */
const INDEX_NAMES = 12;

function nameOf(folder: string): string {
  return folder.slice(folder.lastIndexOf("/") + 1);
}

/** A folder beside it and above it. */
function userOf(folder: string): string {
  return folder.replace(/[^/]+$/, "user");
}

/** Files with violations, and files without. */
const PLANTED: Readonly<Record<string, string>> = {
  "packages/session/src/allowed.ts":
    'import { bytesToHex } from "@demls/wire/core"; import type { Vote } from "@demls/wire";',
  ...Object.fromEntries(
    REFUSED.map(([folder, specifier], n) => [
      `${folder}/src/layer-${n}.ts`,
      `import type { X } from "${specifier}";`,
    ]),
  ),
  ...Object.fromEntries(WAYS.map(([name, text]) => [`packages/wire/src/${name}.ts`, text])),
  "packages/steward/src/path.ts": 'import { x } from "../../mls/src/index.js";',
  "packages/mls/src/index.ts": "export const x = 1;",
  "packages/steward/src/vectors.ts": 'import { x } from "../../../vectors/load.js";',
  "packages/steward/test/vectors.ts": 'import { x } from "../../../vectors/load.js";',
  "vectors/load.ts": "export const x = 1;",
  "packages/steward/test/subpath.ts": 'import { x } from "@demls/wire/dist/index.js";',
  "packages/stranger/src/index.ts": 'import "./other.js";',
  "packages/stranger/src/other.ts": "export const x = 1;",

  "packages/mls/src/dev-dependency.ts": 'import "rolldown";',
  "packages/wire/src/of-the-root.ts": 'import "eslint";',
  "packages/steward/src/unknown.ts": 'import "zod/mini";',
  "packages/wire/test/undeclared.ts": 'import "vitest"; import "eslint"; import "@demls/testkit";',
  "packages/mls/src/bundled.ts": 'import { joinGroup } from "ts-mls";',
  "packages/mls/test/bundled.ts": 'import { joinGroup } from "ts-mls";',
  "packages/transport-gossipsub/src/rxjs.ts": 'import { Subject } from "rxjs";',
  "packages/storage-memory/src/rxjs.ts": 'import { Subject } from "rxjs";',
  "packages/storage-memory/node_modules/rxjs/index.js": "",

  ...Object.fromEntries(
    CIRCLES.flatMap(([name, text]) =>
      ["a", "b", "c"].map((each, n) => [
        `packages/wire/src/${name}-${each}.ts`,
        text(`./${name}-${"bca"[n]}.js`),
      ]),
    ),
  ),

  "packages/mls/src/commit/downwards.ts": 'import type { X } from "../tree/other.js";',
  "packages/mls/src/tree/other.ts": 'import "../ts-mls.js"; export type X = 1;',
  ...Object.fromEntries(
    UPWARDS.flatMap(([folder, low, specifier, high]) => [
      [`${folder}/${low}`, `import type { X } from "${specifier}";`],
      [`${folder}/${high}`, "export type X = 1;"],
    ]),
  ),
  "packages/mls/src/ts-mls.ts":
    'import type { X } from "./crypto/high.js"; import { joinGroup } from "ts-mls";',
  "packages/mls/src/drawer/a.ts": 'import "../ts-mls.js";',
  "packages/steward/src/drawer/a.ts": 'import "../other.js";',
  "packages/steward/src/other.ts": "export {};",
  ...Object.fromEntries(
    INDEXED.flatMap((folder) => [
      [`${folder}/index.ts`, 'export type { X } from "./inside.js";'],
      [`${folder}/inside.ts`, "export type X = 1;"],
      [`${userOf(folder)}/by-index-${nameOf(folder)}.ts`, `import "../${nameOf(folder)}/index.js";`],
      [`${userOf(folder)}/past-index-${nameOf(folder)}.ts`, `import "../${nameOf(folder)}/inside.js";`],
    ]),
  ),
  "packages/cli/src/chat/drawer/a.ts": 'import "../other.js";',
  "packages/cli/src/chat/other.ts": "export {};",
  "interop/drawer/a.ts": 'import "../driver/low.js";',
};

let violations: readonly string[];
beforeAll(async () => {
  violations = await violationsOf(PLANTED);
});

/** The violations of one file, as `rule: → imported file`. */
function violationsIn(path: string): readonly string[] {
  return violations
    .filter((each) => each.includes(`: ${path} → `))
    .map((each) => each.replace(` ${path}`, ""));
}

describe("the repository", () => {
  it("has no forbidden import", async () => {
    const { violations, files } = await cruiseLayers(root, ["packages", "interop", "simulator"]);
    expect(violations).toEqual([]);
    expect(files).toBeGreaterThan(700);
  });
});

describe("layers among packages", () => {
  it("let a package import the packages below it", () => {
    expect(violationsIn("packages/session/src/allowed.ts")).toEqual([]);
  });

  it.each(REFUSED.map((each, n) => [...each, n] as const))(
    "refuse %s an import of %s, of types too",
    (folder, specifier, n) => {
      expect(violationsIn(`${folder}/src/layer-${n}.ts`)).toContain(
        `layer: → ${folder}/node_modules/${specifier}/dist/index.d.ts`,
      );
    },
  );

  it.each(WAYS)("refuse a forbidden %s", (name) => {
    expect(violationsIn(`packages/wire/src/${name}.ts`)).toContain(
      "layer: → packages/wire/node_modules/@demls/mls/dist/index.d.ts",
    );
  });

  it("refuse a path into another package", () => {
    expect(violationsIn("packages/steward/src/path.ts")).toEqual([
      "path-to-package: → packages/mls/src/index.ts",
    ]);
  });

  it("let tests import the vectors by path, but not the source", () => {
    expect(violationsIn("packages/steward/test/vectors.ts")).toEqual([]);
    expect(violationsIn("packages/steward/src/vectors.ts")).toEqual(["path-to-package: → vectors/load.ts"]);
  });

  it("refuse a subpath that the other package does not export", () => {
    expect(violationsIn("packages/steward/test/subpath.ts")).toEqual([
      "unresolvable: → @demls/wire/dist/index.js",
    ]);
  });

  it("refuse a package that is not listed", () => {
    expect(violationsIn("packages/stranger/src/index.ts")).toEqual([
      "no-layer: → packages/stranger/src/other.ts",
    ]);
  });
});

describe("dependencies", () => {
  it.each([
    ["mls/src/dev-dependency.ts", "undeclared: → packages/mls/node_modules/rolldown/index.js"],
    ["wire/src/of-the-root.ts", "undeclared: → node_modules/eslint/index.js"],
    ["steward/src/unknown.ts", "unresolvable: → zod/mini"],
  ])("of the source stand in `dependencies`: %s", (file, violation) => {
    expect(violationsIn(`packages/${file}`)).toEqual([violation]);
  });

  it("of tests are in `devDependencies`, except the tools that every test uses", () => {
    expect(violationsIn("packages/wire/test/undeclared.ts")).toEqual([
      "undeclared: → node_modules/eslint/index.js",
      "undeclared: → packages/wire/node_modules/@demls/testkit/dist/index.d.ts",
    ]);
  });

  it("that the build bundles may be imported by one file alone", () => {
    const violation = "bundled: → packages/mls/node_modules/ts-mls/index.js";
    expect(violationsIn("packages/mls/src/bundled.ts")).toContain(violation);
    expect(violationsIn("packages/mls/src/ts-mls.ts")).not.toContain(violation);
    expect(violationsIn("packages/mls/test/bundled.ts")).toEqual([]);
  });

  it("may be RxJS only in packages that report changes to applications", () => {
    expect(violationsIn("packages/transport-gossipsub/src/rxjs.ts")).toEqual([]);
    expect(violationsIn("packages/storage-memory/src/rxjs.ts")).toContain(
      "rxjs: → packages/storage-memory/node_modules/rxjs/index.js",
    );
  });
});

describe("files", () => {
  it.each(CIRCLES)("do not import each other in a circle by %s", (name) => {
    const [a, b, c] = ["a", "b", "c"].map((each) => `packages/wire/src/${name}-${each}.ts`);
    expect(violations).toContain(`circle: ${a} → ${b} → ${c} → ${a}`);
  });
});

describe("folders of a package", () => {
  it("import from those below them", () => {
    expect(violationsIn("packages/mls/src/commit/downwards.ts")).toEqual([]);
    expect(violationsIn("packages/mls/src/tree/other.ts")).toEqual([]);
  });

  it.each(UPWARDS)("do not import from those above, nor types: %s/%s from %s", (folder, low, _, high) => {
    expect(violationsIn(`${folder}/${low}`)).toContain(`folder-order: → ${folder}/${high}`);
  });

  it.each([
    ["packages/mls/src/drawer/a.ts", "packages/mls/src/ts-mls.ts"],
    ["packages/steward/src/drawer/a.ts", "packages/steward/src/other.ts"],
    ["packages/cli/src/chat/drawer/a.ts", "packages/cli/src/chat/other.ts"],
    ["interop/drawer/a.ts", "interop/driver/low.ts"],
  ])("are all listed: %s", (file, imported) => {
    expect(violationsIn(file)).toEqual([`unlisted-folder: → ${imported}`]);
  });
});

describe.each(INDEXED)("the folder %s", (folder) => {
  it("is used by its index only", () => {
    expect(violationsIn(`${userOf(folder)}/by-index-${nameOf(folder)}.ts`)).toEqual([]);
    expect(violationsIn(`${userOf(folder)}/past-index-${nameOf(folder)}.ts`)).toEqual([
      `past-index: → ${folder}/inside.ts`,
    ]);
  });

  it(`exports ${INDEX_NAMES} names at most, each one written out`, () => {
    const index = readFileSync(join(root, folder, "index.ts"), "utf8");
    const names = [...index.matchAll(/^export (?:type )?\{([^}]*)\} from "\.\/[^"]+";$/gm)].flatMap(
      ([, list = ""]) =>
        list
          .split(",")
          .map((name) => name.trim())
          .filter((name) => name !== ""),
    );
    expect(index).not.toMatch(/^export (?!(type )?\{)/m);
    expect(names.length).toBeGreaterThan(0);
    expect(names.length).toBeLessThanOrEqual(INDEX_NAMES);
  });
});
