import { existsSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { undocumentedExports } from "./docstrings/undocumented.js";
import { packageSources, root } from "./workspace.js";

/** The source of every entry point that the packages export, by its path relative to the root. */
const entryPoints = packageSources().flatMap(({ folder, manifest }) =>
  Object.values(manifest.exports ?? {}).map((target) => {
    const { types } = target as { readonly types: string };
    return join(folder, types.replace("./dist/", "src/").replace(/\.d\.ts$/, ".ts"));
  }),
);

describe("the public interface", () => {
  it("has its source where its entry points say", () => {
    expect(entryPoints.length).toBeGreaterThanOrEqual(10);
    for (const path of entryPoints) expect(existsSync(join(root, path)), path).toBe(true);
  });

  it("is documented: every exported name, and every method of what is exported", { timeout: 60_000 }, () => {
    expect(undocumentedExports(entryPoints)).toEqual([]);
  });
});

describe("what is not documented", () => {
  const found = (text: string): string[] => undocumentedExports(["planted.ts"], { "planted.ts": text });

  it.each([
    ["a constant", "export const answer = 42;", "answer"],
    ["a function", "export function ask(): void {}", "ask"],
    ["a type", "export type Answer = 42;", "Answer"],
    ["an interface", "export interface Answer { readonly value: 42 }", "Answer"],
    ["a name exported from elsewhere", "const answer = 42;\nexport { answer as reply };", "reply"],
    ["a method", "/** Asks. */\nexport interface Oracle { ask(): void }", "Oracle.ask"],
    ["a class's method", "/** Asks. */\nexport class Oracle { ask(): void {} }", "Oracle.ask"],
  ])("is found: %s", (_kind, text, name) => {
    expect(found(text)).toEqual([`planted.ts: ${name}`]);
  });

  it("may be a property, which its name and type can explain, or what nobody outside can call", () => {
    expect(
      found(`
        /** Knows. */
        export interface Oracle { readonly kind: "oracle" }
        /** Asks. */
        export class Asker { private ask(): void {} #wonder(): void {} answer = 42 }
      `),
    ).toEqual([]);
  });

  it("is not what has a comment, wherever it was declared", () => {
    expect(found("/** It. */\nconst answer = 42;\nexport { answer };")).toEqual([]);
  });
});
