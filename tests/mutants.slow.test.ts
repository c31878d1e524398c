import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { mutants, type Mutant } from "./mutants/mutants.js";

const run = promisify(execFile);
const VITEST = "node_modules/vitest/vitest.mjs";

interface Report {
  readonly numTotalTests: number;
  readonly numFailedTests: number;
}

/** Runs the test file of a mutant in a process of its own, until the first failure. */
async function runWith(mutant: Mutant): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), "mutant-"));
  const report = join(folder, "report.json");
  const variables = Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST"));
  const env = { ...Object.fromEntries(variables), DEMLS_MUTANT: JSON.stringify(mutant) };
  const config = ["--config", "tests/mutants/vitest.config.ts"];
  const reporter = ["--reporter", "json", "--outputFile", report];
  try {
    await run(process.execPath, [VITEST, "run", ...config, ...reporter], { env }).catch(() => undefined);
    return JSON.parse(readFileSync(report, "utf8")) as Report;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("The tests notice", () => {
  it.each(mutants)("$file: $fault", async (mutant) => {
    const { numTotalTests, numFailedTests } = await runWith(mutant);
    expect(numTotalTests).toBeGreaterThan(0);
    expect(numFailedTests).toBeGreaterThan(0);
  });
});
