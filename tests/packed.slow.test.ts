import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, describe, expect, test } from "vitest";

import { typeErrorsOfConsumer } from "./packed/consumer.js";
import { installByNpm, runByNode, runInstalled } from "./packed/install.js";
import { packAll, tarball } from "./packed/pack.js";
import { root } from "./workspace.js";

/** Outside the workspace, so that no parent folder resolves a package. */
const outside = mkdtempSync(join(tmpdir(), "demls-packed-"));
// It contains npm's cache, which has many files.
afterAll(() => rmSync(outside, { recursive: true, force: true }), 60_000);

const packed = packAll(join(outside, "tarballs"));
const libraries = packed.filter(({ subpaths }) => subpaths.length > 0);

describe.each(packed.map((one) => [one.name, one] as const))("%s, packed", (_name, one) => {
  test("passes publint", async () => {
    const { messages, pkg = {} } = await publint({ pack: { tarball: tarball(one).buffer }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test("contains no stale output: each built file has its source", () => {
    const files = createPackageFromTarballData(tarball(one)).listFiles();
    const sources = new Set(files.flatMap((path) => /^.*\/src\/(.*?)(?:\.d)?\.[jt]s$/.exec(path)?.[1] ?? []));
    const built = files.flatMap(
      (path) => /^.*\/dist\/(.*?)(?:\.d\.ts|\.js)(?:\.map)?$/.exec(path)?.[1] ?? [],
    );
    expect(built.length).toBeGreaterThan(0);
    // `npm run build` removes it.
    expect(built.filter((path) => !sources.has(path))).toEqual([]);
  });
});

describe.each(libraries.map((one) => [one.name, one] as const))("the types of %s, packed", (_name, one) => {
  test("are right for every resolution of ES modules", async () => {
    const analysis = await checkPackage(createPackageFromTarballData(tarball(one)));
    if (!analysis.types) throw new Error("The package has no types.");
    // The packages are ES modules only. Resolution for CommonJS, or without support for `exports`, finds nothing.
    const wrong = analysis.problems.filter(
      (problem) =>
        !("resolutionKind" in problem) ||
        problem.resolutionKind === "node16-esm" ||
        problem.resolutionKind === "bundler",
    );
    expect(wrong).toEqual([]);
    expect(Object.keys(analysis.entrypoints).filter((path) => path !== "./package.json")).toEqual(
      one.subpaths,
    );
  });
});

describe("An empty folder with the packed packages installed by npm", () => {
  const folder = join(outside, "app");
  const unreachable = installByNpm(packed, folder, join(outside, "home"));
  cpSync(join(root, "tests/packed/app"), folder, { recursive: true });

  test("is set up from a reachable registry", ({ skip }) => {
    // Skipped only on request, never automatically.
    skip(unreachable !== undefined && process.env["DEMLS_OFFLINE"] === "1", "there is no registry");
    expect(unreachable, "npm reaches no registry: DEMLS_OFFLINE=1 skips this test").toBeUndefined();
    for (const { name } of packed) expect(existsSync(join(folder, "node_modules", name)), name).toBe(true);
  });

  describe.skipIf(unreachable !== undefined)("then", () => {
    test("runs a group of five that bans one", () => {
      expect(JSON.parse(runByNode(folder, "group-of-five.mjs"))).toEqual({
        together: 5,
        text: "hello",
        decided: "yes",
        reason: "removed",
        stay: 4,
      });
    });

    test("has only the corrected ts-mls inside @demls/mls", () => {
      expect(existsSync(join(folder, "node_modules/ts-mls"))).toBe(false);
      expect(existsSync(join(folder, "node_modules/@demls/mls/dist/ts-mls.LICENSE"))).toBe(true);
      const recording = join(root, "packages/mls/test/commit/recorded/blank-half.json");
      expect(JSON.parse(runByNode(folder, "corrected-mls.mjs", recording))).toEqual({
        blankHalfTaken: "staged",
        blankHalfMade: "staged",
        unmergedLeaves: ["joined", "joined", "joined"],
        injectedClock: ["joined"],
      });
    });

    test("has the demls command without the commands of a checkout", () => {
      const demls = (...args: readonly string[]) =>
        runInstalled(folder, "node_modules/@demls/cli/bin/demls.js", ...args);
      const help = demls("--help");
      expect(help).toMatchObject({ status: 0, stderr: "" });
      expect(help.stdout).toContain("demls chat NAME --create");
      expect(help.stdout).not.toMatch(/^ {2}peer\b|json lines/im);
      expect(demls("peer")).toEqual(expect.objectContaining({ status: 2, stdout: "" }));
      expect(demls("peer").stderr).toBe(demls("no-such-command").stderr.replace("no-such-command", "peer"));
    });

    test.each(["node16", "bundler"] as const)("type-checks whole with resolution %s", (resolution) => {
      const specifiers = libraries.flatMap(({ name, subpaths }) =>
        subpaths.map((subpath) => name + subpath.slice(1)),
      );
      expect(typeErrorsOfConsumer(folder, specifiers, resolution)).toEqual([]);
    });
  });
});
