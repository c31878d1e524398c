import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * The tests of the repository, one project for each folder with tests. `vitest run` runs the tests of its working
 * folder, or those of the files in its arguments. The mode chooses the tier:
 *
 * - without a mode: all files except `*.slow.test.ts`, with a tenth of the counts of hostile/runs.ts
 * - `--mode slow`: the files `*.slow.test.ts`, and those in crash/, hostile/ and properties/ with their full counts
 * - `--mode interop`, `--mode network`: members of the Rust crate, and processes of `demls`, in real time
 *
 * The tests in a browser have a configuration of their own, in browser/, since a page is another kind of runner.
 */
export default defineConfig(({ mode }) => {
  const tier = TIERS[mode] ?? quick;
  return {
    test: {
      projects: tier().filter(({ root }) => isChosen(root as string)),
      // Time in tests is virtual, so only a busy machine makes them slow. The timeout ends a hang.
      testTimeout: 120_000,
      hookTimeout: 120_000,
      // Keeps transformed sources in node_modules: the second run of a file begins in half the time.
      experimental: { fsModuleCache: true },
      // Node loads the built files, as for users; vitest would transform them.
      server: { deps: { external: [/\/dist\//] } },
      ...(mode === "interop" && { maxWorkers: 2, maxConcurrency: 3 }),
      // They mostly wait.
      ...(mode === "network" && { maxWorkers: 4 }),
      sequence: { sequencer: LongestFirst },
    },
  };
});

/** Test files whose counts depend on the tier. */
const COUNTED = "**/{crash,hostile,properties}/**/*.test.ts";

const here = import.meta.dirname;

type Project = TestProjectInlineConfiguration;

const TIERS: Readonly<Record<string, () => readonly Project[]>> = {
  slow: () =>
    testFolders().map((folder) =>
      // They may run at low priority beside tests in real time.
      project(folder, ["**/*.slow.test.ts", COUNTED], { testTimeout: 600_000, hookTimeout: 600_000 }),
    ),
  interop: () => [
    project("interop", ["{scenarios,vectors,waku}/**/*.test.ts"], {
      // Members of the published crate live in real time.
      testTimeout: 180_000,
    }),
  ],
  network: () => [
    project("network", ["scenarios/**/*.test.ts"], {
      // These tests have their own time limits; this one ends a hang.
      testTimeout: process.env["DEMLS_LONG"] === "1" ? 3_600_000 : 300_000,
    }),
  ],
};

/** The longest files of each tier. They begin first, so that the run does not end with one of them alone. */
const LONGEST = [
  ...["lives", "layers", "newcomers", "killed-members.slow", "mutants.slow"],
  ...["guests.slow", "invariants.slow", "soak", "every-cut-alice", "every-cut-bob", "every-cut-carol"],
  ...["eight-processes", "flood", "away-suspended-long"],
];

class LongestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLongest = ({ moduleId }: TestSpecification) => LONGEST.includes(basename(moduleId, ".test.ts"));
    return Promise.resolve([...files].sort((a, b) => Number(isLongest(b)) - Number(isLongest(a))));
  }
}

function quick(): readonly Project[] {
  return testFolders().map((folder) =>
    project(folder, ["**/*.test.ts"], {
      exclude: ["**/node_modules/**", "**/*.slow.test.ts"],
      env: { DEMLS_FUZZ_RUNS: process.env["DEMLS_FUZZ_RUNS"] ?? "0.1" },
    }),
  );
}

/** The folders that have tests, of packages and of the repository. */
function testFolders(): readonly string[] {
  const packages = ["packages", "examples"].flatMap((group) =>
    readdirSync(join(here, group)).map((name) => `${group}/${name}`),
  );
  const tested = [...packages, "bench", "interop/peer", "simulator"].filter((folder) =>
    existsSync(join(here, folder, "test")),
  );
  return [...tested, "tests"];
}

function project(folder: string, include: readonly string[], test: Project["test"] = {}): Project {
  const { test: special = {}, ...rest } = SPECIAL[folder] ?? {};
  return {
    extends: true,
    root: join(here, folder),
    ...rest,
    test: {
      name: folder.replace(/^(packages|examples)\//, ""),
      include: [...include],
      isolate: ISOLATED.test(folder),
      ...special,
      setupFiles: [join(here, "tests/setup/equality.ts"), ...[special.setupFiles ?? []].flat()],
      ...test,
    },
  };
}

/**
 * Folders whose test files have modules of their own, since some replace modules or have hooks in their harness, which only
 * the first file of shared modules would run. Elsewhere files share modules: loading sources and harness takes longer than
 * the tests of most files.
 */
const ISOLATED = /^(network$|examples\/|packages\/demls$)/;

const SPECIAL: Readonly<Record<string, Project>> = {
  "packages/mls": {
    // The "imports" of package.json name built files, but tests run on the source.
    resolve: { alias: { "#crypto-primitives": join(here, "packages/mls/src/crypto/primitives-node.ts") } },
  },
  "packages/join": {
    resolve: { alias: { "#ed25519": join(here, "packages/join/src/ed25519/ed25519-node.ts") } },
  },
  "packages/storage-level": {
    resolve: {
      alias: {
        "#engine": join(here, "packages/storage-level/src/node/level-engine.ts"),
        "#sha256": join(here, "packages/storage-level/src/node/sha256.ts"),
      },
    },
  },
  "packages/session": {
    test: { setupFiles: [join(here, "packages/session/test/harness/setup.ts")] },
  },
};

/**
 * Whether the run may include files of a folder, since each project costs a server. The arguments are paths or their
 * beginnings; without any, the run includes the files of the working directory.
 */
function isChosen(root: string): boolean {
  const named = process.argv
    .slice(2)
    .filter((argument) => argument.includes("/") && !argument.startsWith("-"))
    .map(existingPart);
  return (named.length > 0 ? named : ["."]).some(
    (path) => !relative(root, path).startsWith("..") || !relative(path, root).startsWith(".."),
  );
}

function existingPart(path: string): string {
  return existsSync(path) ? path : existingPart(dirname(path));
}
