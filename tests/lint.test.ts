import { join } from "node:path";

import { ESLint } from "eslint";
import tseslint from "typescript-eslint";
import { describe, expect, it } from "vitest";

import { DEFAULT_IMPLEMENTATIONS } from "../eslint.config.mjs";
import { packageSources, root } from "./workspace.js";

/** ESLint without the rules that need types: none of them is tested here, and each text would need a new program. */
const eslint = new ESLint({ cwd: root, overrideConfig: [tseslint.configs.disableTypeChecked] });

/** The rules that `text` violates as the content of the existing file `path`. */
async function broken(path: string, text: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(text, { filePath: join(root, path) });
  return (result?.messages ?? []).map(({ ruleId }) => ruleId);
}

const SESSION_FILE = "packages/session/src/index.ts";
const LIBRARY_FILE = "packages/wire/src/core/clock.ts";

describe("the house rules", () => {
  it.each([
    ["Date.now()", "no-restricted-properties"],
    ["new Date()", "no-restricted-syntax"],
    ["Math.random()", "no-restricted-properties"],
    ["setTimeout(() => undefined, 1)", "no-restricted-globals"],
    ["globalThis.setTimeout(() => undefined, 1)", "no-restricted-properties"],
    ["setInterval(() => undefined, 1)", "no-restricted-globals"],
    ["crypto.getRandomValues(new Uint8Array(1))", "no-restricted-globals"],
    ["performance.now()", "no-restricted-globals"],
    ["console.log(1)", "no-restricted-globals"],
  ])("refuse %s in library code", async (expression, rule) => {
    expect(await broken(LIBRARY_FILE, `export const ambient = ${expression};\n`)).toContain(rule);
  });

  it.each(["node:fs", "fs", "crypto", "node:timers/promises"])(
    "refuse an import of %s in library code",
    async (specifier) => {
      expect(await broken(LIBRARY_FILE, `export * from "${specifier}";\n`)).toContain(
        "@typescript-eslint/no-restricted-imports",
      );
    },
  );

  it("allow `new Date` with an argument", async () => {
    expect(await broken(LIBRARY_FILE, "export const day = (wallMs: number) => new Date(wallMs);\n")).toEqual(
      [],
    );
  });

  it("allow tests to use Node's globals", async () => {
    expect(await broken("packages/testkit/test/seeded-random.test.ts", 'export * from "node:fs";\n')).toEqual(
      [],
    );
  });
});

describe("default implementations", () => {
  it.each([
    'export { createMlsService } from "@demls/mls";',
    'import { createPeerScoring as x } from "@demls/scoring"; export const y = x;',
    'import * as x from "@demls/steward"; export const y = x;',
    'export { createEthereumSigner } from "@demls/consensus";',
    'export * from "@demls/scoring";',
  ])("stay out of the session: %s", async (text) => {
    expect(await broken(SESSION_FILE, `${text}\n`)).toEqual(["@typescript-eslint/no-restricted-imports"]);
  });

  it("allow the session to import types and pure functions", async () => {
    const text =
      'import type { createMlsService } from "@demls/mls";\nexport { commitHash } from "@demls/steward";\nexport type X = typeof createMlsService;\n';
    expect(await broken(SESSION_FILE, text)).toEqual([]);
  });

  it("contain only existing names", () => {
    const sources = new Map(
      packageSources().map(({ manifest, files }) => [manifest.name, [...files.values()]]),
    );
    for (const [name, exported] of Object.entries(DEFAULT_IMPLEMENTATIONS))
      for (const each of exported)
        expect(sources.get(name)?.join("\n")).toMatch(
          new RegExp(`^export (async )?(const|function) ${each}\\b`, "m"),
        );
  });
});
