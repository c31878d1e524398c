import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { afterAll, describe, expect, test } from "vitest";

import { packageSources, projectFiles, root, type Manifest } from "./workspace.js";

const folder = mkdtempSync(join(tmpdir(), "demls-release-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("A release", () => {
  test("sets the same next version and a changelog for all packages, and changes nothing else", () => {
    const manifests = projectFiles().filter((path) => basename(path) === "package.json");
    for (const path of [".changeset", "pnpm-workspace.yaml", "pnpm-lock.yaml", ...manifests]) copy(path);
    // Without the pending changesets, since there are none right after a release.
    writeFileSync(join(folder, ".changeset/one.md"), '---\n"@demls/wire": major\n---\n\nA change.\n');
    expect(runNode(join(root, "node_modules/@changesets/cli/bin.js"), "version")).toMatchObject({
      status: 0,
    });

    const released = packageSources().map((source) => source.folder);
    const versions = released.map((path) => manifestIn(join(folder, path)).version);
    expect(new Set(versions).size).toBe(1);
    expect(versions[0]).not.toBe(manifestIn(join(root, released[0] ?? "")).version);
    expect(released.filter((path) => !existsSync(join(folder, path, "CHANGELOG.md")))).toEqual([]);
    const others = manifests.filter((path) => !released.some((own) => path === join(own, "package.json")));
    for (const path of others) {
      expect(readFileSync(join(folder, path), "utf8"), path).toBe(readFileSync(join(root, path), "utf8"));
    }
  });

  test("cannot contain @demls/mls without the corrected ts-mls", () => {
    const check = join(root, "packages/mls/scripts/check-bundled.mjs");
    expect(manifestIn(join(root, "packages/mls")).scripts?.["prepack"]).toBe(
      `node scripts/${basename(check)}`,
    );
    mkdirSync(join(folder, "dist"));
    for (const code of [undefined, 'export { createGroup } from "ts-mls";\n']) {
      if (code !== undefined) writeFileSync(join(folder, "dist/ts-mls.js"), code);
      const { status, stderr } = runNode(check);
      expect(status).toBe(1);
      expect(stderr).toContain("npm run build");
    }
  });
});

/** Copies a file or folder of the repository into `folder`. */
function copy(path: string): void {
  cpSync(join(root, path), join(folder, path), { recursive: true });
}

function runNode(script: string, ...args: readonly string[]) {
  return spawnSync(process.execPath, [script, ...args], { cwd: folder, encoding: "utf8" });
}

function manifestIn(path: string): Manifest {
  return JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as Manifest;
}
