import { beforeAll, describe, expect, test } from "vitest";

import { bundle } from "../scripts/bundle-sizes/bundling.mjs";
import { LIMITS_GZIPPED, measure, sizesIn } from "../scripts/bundle-sizes/size-table.mjs";
import { readText } from "./workspace.js";

/** The given dependencies that a bundle of `code` contains. */
async function present(code: string, dependencies: readonly RegExp[]): Promise<readonly RegExp[]> {
  const { modules } = await bundle(code);
  return dependencies.filter((dependency) => modules.some((path) => dependency.test(path)));
}

describe("an application that imports a part", () => {
  const ABSENT = [/ts-mls/, /\/rxjs\//, /libp2p/, /\/packages\/(mls|session|steward|scoring|demls)\//];

  test("contains no MLS, RxJS or libp2p if it only votes", async () => {
    const votes = 'export * from "@demls/wire"; export * from "@demls/consensus/service";';
    expect(await present(votes, [/protobufjs/, /noble\/curves/])).toHaveLength(2);
    expect(await present(votes, ABSENT)).toEqual([]);
  });

  test("gets the votes of a conversation without the service, which it imports by itself", async () => {
    const SERVICE = [/\/packages\/consensus\/dist\/service\//];
    expect(await present('export * from "@demls/consensus"; export * from "demls";', SERVICE)).toEqual([]);
    expect(await present('export * from "@demls/consensus/service";', SERVICE)).toEqual(SERVICE);
  });

  test("gets everything but libp2p with all of it", async () => {
    expect(await present('export * from "demls";', ABSENT)).toHaveLength(3);
  });

  test("contains no code of an unused package", async () => {
    expect((await bundle('import "demls"; import "@demls/mls";')).modules).toEqual([]);
  });
});

describe("the sizes", () => {
  let sizes: ReadonlyMap<string, number>;
  beforeAll(async () => void (sizes = await measure()), 120_000);

  test.each(LIMITS_GZIPPED)("of %s stay within the limit", (name, limit) => {
    expect(sizes.get(name)).toBeLessThanOrEqual(limit);
  });

  test("match docs/sizes.md within 5 % (npm run sizes)", () => {
    const page = sizesIn(readText("docs/sizes.md"));
    expect([...page.keys()].sort()).toEqual([...sizes.keys()].sort());
    const SLACK_BYTES = 200;
    const stale = [...sizes].filter(
      ([name, now]) => Math.abs((page.get(name) ?? 0) - now) > now * 0.05 + SLACK_BYTES,
    );
    expect(stale).toEqual([]);
  });
});
