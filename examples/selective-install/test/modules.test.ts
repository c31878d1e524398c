import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const MAIN = join(dirname(dirname(fileURLToPath(import.meta.url))), "dist/main.js");

let folder: string;
let loaded: readonly string[];

/** A report of V8's coverage, which names every script that ran. */
interface CoverageReport {
  readonly result: readonly { readonly url: string }[];
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "demls-modules-"));
  execFileSync(process.execPath, [MAIN], { env: { ...process.env, NODE_V8_COVERAGE: folder } });
  loaded = readdirSync(folder).flatMap((file) => {
    const { result } = JSON.parse(readFileSync(join(folder, file), "utf8")) as CoverageReport;
    return result.map(({ url }) => url);
  });
});

afterAll(() => rmSync(folder, { recursive: true }));

const isLoaded = (part: string): boolean => loaded.some((url) => url.includes(part));

test("Voting loads consensus, wire and their dependencies", () => {
  for (const part of ["/packages/consensus/", "/packages/wire/", "/@noble/curves/"])
    expect(isLoaded(part), part).toBe(true);
});

test.each(["ts-mls", "rxjs", "libp2p"])("Voting does not load %s", (name) => {
  expect(loaded.filter((url) => url.includes(`/node_modules/${name}/`) || url.includes(`/${name}@`))).toEqual(
    [],
  );
});

test("Voting loads no other package of this project", () => {
  const own = loaded.flatMap((url) => /\/packages\/([\w-]+)\//.exec(url)?.[1] ?? []);
  expect(new Set(own)).toEqual(new Set(["consensus", "wire"]));
});

test.each(["ts-mls", "rxjs", "@demls/mls", "@demls/session"])("The install does not include %s", (name) => {
  const check = `import.meta.resolve(${JSON.stringify(name)})`;
  const run = (): unknown =>
    execFileSync(process.execPath, ["--input-type=module", "-e", check], {
      cwd: dirname(MAIN),
      stdio: "pipe",
    });
  expect(run).toThrow(/ERR_MODULE_NOT_FOUND/);
});
