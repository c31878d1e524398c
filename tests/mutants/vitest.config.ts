import { existsSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import type { Mutant } from "./mutants.js";

/** Runs one test file of a package with the mutant of the environment, which is planted as its source is loaded. */
const { folder, file, from, to, test } = JSON.parse(process.env["DEMLS_MUTANT"] ?? "{}") as Mutant;
const root = join(import.meta.dirname, "../..");
const harness = join(root, folder, "test/harness/setup.ts");

export default defineConfig({
  root,
  plugins: [
    {
      name: "mutant",
      enforce: "pre",
      transform: (code, id) => (id === join(root, file) ? code.replace(from, () => to) : undefined),
    },
  ],
  test: {
    include: [test],
    setupFiles: [join(root, "tests/setup/equality.ts"), ...(existsSync(harness) ? [harness] : [])],
    server: { deps: { external: [/\/dist\//] } },
    testTimeout: 120_000,
    bail: 1,
  },
});
