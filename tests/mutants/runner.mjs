/**
 * Process that runs test files with mutants, one after another: it receives a mutant, and whether to plant it, and
 * answers with the counts of tests. Vitest and the transformed sources are loaded once for all of them; the modules of
 * each run are its own.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createVitest } from "vitest/node";

/**
 * @typedef {import("./mutants.js").Mutant} Mutant
 * @typedef {import("vitest/node").Vitest} Vitest
 */

const root = join(import.meta.dirname, "../..");

/** @type {Mutant | undefined} */
let planted;

/** @param {string} folder */
function vitestFor(folder) {
  const harness = join(root, folder, "test/harness/setup.ts");
  return createVitest(
    "test",
    {
      config: false,
      root,
      watch: false,
      reporters: [{}],
      include: [`${folder}/test/**/*.test.ts`],
      setupFiles: [
        join(root, "tests/setup/equality.ts"),
        join(root, "tests/mutants/first-failure.ts"),
        ...(existsSync(harness) ? [harness] : []),
      ],
      server: { deps: { external: [/\/dist\//] } },
      testTimeout: 120_000,
      bail: 1,
    },
    {
      plugins: [
        {
          name: "mutant",
          enforce: "pre",
          transform: (code, id) =>
            planted !== undefined && id === join(root, planted.file)
              ? code.replace(planted.from, () => planted?.to ?? "")
              : undefined,
        },
      ],
    },
  );
}

/** @type {Map<string, Promise<Vitest>>} */
const vitests = new Map();

/** @param {{ readonly mutant: Mutant; readonly isPlanted: boolean }} task */
async function run({ mutant, isPlanted }) {
  const { folder, file, test } = mutant;
  const starting = vitests.get(folder) ?? vitestFor(folder);
  vitests.set(folder, starting);
  const vitest = await starting;
  planted = isPlanted ? mutant : undefined;
  vitest.invalidateFile(join(root, file));
  const specifications = await vitest.globTestSpecifications([join(root, test)]);
  const { testModules } = await vitest.runTestSpecifications(specifications);
  // The next run loads the source as it is.
  vitest.invalidateFile(join(root, file));
  // The results include those of earlier runs.
  const tests = testModules
    .filter(({ moduleId }) => moduleId === join(root, test))
    .flatMap(({ children }) => [...children.allTests()]);
  return { total: tests.length, failed: tests.filter((one) => one.result().state === "failed").length };
}

process.on("message", (task) => {
  void run(/** @type {Parameters<typeof run>[0]} */ (task)).then((counts) => process.send?.(counts));
});
process.on("disconnect", () => {
  void Promise.all([...vitests.values()].map(async (vitest) => (await vitest).close())).then(() =>
    process.exit(),
  );
});
