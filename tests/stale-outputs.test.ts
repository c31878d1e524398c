import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterAll, expect, it } from "vitest";

import { removeStaleOutputs } from "../scripts/workspace/stale-outputs.mjs";

const folder = mkdtempSync(join(tmpdir(), "demls-stale-"));
afterAll(() => rmSync(folder, { recursive: true }));

const KEPT = [
  "src/room/door.ts",
  "src/generated/codes.js",
  "dist/room/door.js",
  "dist/room/door.js.map",
  "dist/room/door.d.ts",
  "dist/generated/codes.js",
  "dist/bundle.LICENSE",
  "dist/.tsbuildinfo",
];
const STALE = ["dist/door.js", "dist/door.d.ts.map", "dist/room/window.d.ts"];

it("Only stale outputs of moved files are removed", () => {
  for (const path of [...KEPT, ...STALE]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), "");
  }
  removeStaleOutputs([folder, join(folder, "never-built")]);
  expect(STALE.filter((path) => existsSync(join(folder, path)))).toEqual([]);
  expect(KEPT.filter((path) => !existsSync(join(folder, path)))).toEqual([]);
});
