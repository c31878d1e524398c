import { beforeAll, describe, expect, test } from "vitest";

import { codesMadeIn, readSources, unionMembers, type Sources } from "./error-codes/thrown.js";

/** Packages that come with `demls`. */
const WITH_DEMLS =
  /^packages\/(wire|mls|consensus|steward|scoring|session|storage-memory|transport-memory|demls)\/src\//;

/** The service for votes without a conversation: no application gets it through `demls`. */
const SERVICE_ALONE = /^packages\/consensus\/src\/(service\/|create-service\.ts$)/;

let sources: Sources;

beforeAll(() => {
  sources = readSources();
}, 120_000);

function codesIn(isLookedAt: (path: string) => boolean): ReadonlySet<string> {
  return new Set(codesMadeIn(sources, isLookedAt).keys());
}

function without(codes: Iterable<string>, others: Iterable<string>): readonly string[] {
  const left = new Set(others);
  return [...codes].filter((code) => !left.has(code)).sort();
}

describe("SessionErrorCode", () => {
  test("has the codes that the session makes, and no other", () => {
    const made = codesIn((path) => path.startsWith("packages/session/src/"));
    const told = unionMembers(sources, "packages/session/src/index.ts", "SessionErrorCode");
    expect(made.size).toBeGreaterThan(30);
    expect({ untold: without(made, told), neverMade: without(told, made) }).toEqual({
      untold: [],
      neverMade: [],
    });
  });
});

describe("DemlsErrorCode", () => {
  test("has the codes of every package that comes with demls, and no other", () => {
    const made = codesIn((path) => WITH_DEMLS.test(path) && !SERVICE_ALONE.test(path));
    const told = unionMembers(sources, "packages/demls/src/index.ts", "DemlsErrorCode");
    expect(without(made, told)).toEqual([]);
    expect(
      without(
        told,
        codesIn((path) => WITH_DEMLS.test(path)),
      ),
    ).toEqual([]);
  });
});

describe("GossipsubErrorCode", () => {
  test("has the codes that the transport makes, and no other", () => {
    const made = codesIn((path) => path.startsWith("packages/transport-gossipsub/src/"));
    const told = unionMembers(sources, "packages/transport-gossipsub/src/index.ts", "GossipsubErrorCode");
    expect([...told].sort()).toEqual([...made].sort());
  });
});

describe("the search for codes", () => {
  test("finds those that are arguments of functions, of other packages too, and in pieces", () => {
    const inTransport = (path: string): boolean => path.startsWith("packages/transport-memory/src/");
    expect([...codesIn(inTransport)]).toEqual(expect.arrayContaining(["missing-clock", "missing-random"]));
    const settings = codesMadeIn(sources, (path) => /^packages\/(wire|scoring)\/src\//.test(path));
    expect(settings.get("invalid-scoring-config")).toContainEqual(
      expect.stringContaining("packages/wire/src/core/settings.ts:"),
    );
  });

  test("reads the members of a union that is made of others", () => {
    const told = unionMembers(sources, "packages/demls/src/index.ts", "DemlsErrorCode");
    expect(told).toEqual(expect.arrayContaining(["missing-key", "not-joined", "signer-closed"]));
  });
});
