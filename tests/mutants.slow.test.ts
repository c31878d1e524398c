import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mutants, type Mutant } from "./mutants/mutants.js";
import { root } from "./workspace.js";

interface Counts {
  readonly total: number;
  readonly failed: number;
}

let runner: ChildProcess;

beforeAll(() => {
  const variables = Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST"));
  runner = fork(join(root, "tests/mutants/runner.mjs"), {
    env: Object.fromEntries(variables),
    execArgv: [],
  });
});
afterAll(() => void runner.disconnect());

async function run(mutant: Mutant, isPlanted: boolean): Promise<Counts> {
  runner.send({ mutant, isPlanted });
  const [counts] = (await once(runner, "message")) as [Counts];
  expect(counts.total).toBeGreaterThan(0);
  return counts;
}

describe("The tests notice", () => {
  // Vitest cuts the values of a title that it fills in itself: one could not be chosen by its fault.
  it.each(mutants.map((mutant) => [`${mutant.file}: ${mutant.fault}`, mutant] as const))(
    "%s",
    async (_title, mutant) => {
      expect((await run(mutant, true)).failed).toBeGreaterThan(0);
    },
  );
});

// After the mutants: none of them is left.
it.each(["packages/join", "packages/session"])("The tests of %s pass without a mutant", async (of) => {
  const last = mutants.findLast(({ folder }) => folder === of);
  expect(last && (await run(last, false)).failed).toBe(0);
});
