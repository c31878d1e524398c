import { beforeAll, describe, expect, test } from "vitest";

import { codesMadeIn, readSources, unionMembers, type Sources } from "./error-codes/thrown.js";

/** Packages that come with `demls`. */
const WITH_DEMLS =
  /^packages\/(wire|mls|consensus|steward|scoring|join|session|storage-memory|transport-memory|demls)\/src\//;

/** The service for votes without a conversation, which `demls` does not export. */
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
  test("has exactly the codes of the session's errors", () => {
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
  test("has exactly the codes of the packages that demls depends on", () => {
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
  test("has exactly the codes of the transport's errors", () => {
    const made = codesIn((path) => path.startsWith("packages/transport-gossipsub/src/"));
    const told = unionMembers(sources, "packages/transport-gossipsub/src/index.ts", "GossipsubErrorCode");
    expect([...told].sort()).toEqual([...made].sort());
  });
});

describe("LevelStorageErrorCode", () => {
  test("has exactly the codes of the storage's errors", () => {
    const made = codesIn((path) => path.startsWith("packages/storage-level/src/"));
    const told = unionMembers(sources, "packages/storage-level/src/index.ts", "LevelStorageErrorCode");
    expect([...told].sort()).toEqual([...made].sort());
  });
});

describe("EncryptedStorageErrorCode", () => {
  test("has exactly the codes of the storage's errors", () => {
    const made = codesIn((path) => path.startsWith("packages/storage-encrypted/src/"));
    const told = unionMembers(
      sources,
      "packages/storage-encrypted/src/index.ts",
      "EncryptedStorageErrorCode",
    );
    expect([...told].sort()).toEqual([...made].sort());
  });
});

describe("JoinErrorCode", () => {
  test("has exactly the codes of the errors of invitations", () => {
    const made = codesIn((path) => path.startsWith("packages/join/src/"));
    const told = unionMembers(sources, "packages/join/src/index.ts", "JoinErrorCode");
    expect([...told].sort()).toEqual([...made].sort());
  });
});

describe("the search for codes", () => {
  test("finds codes passed as arguments, also to other packages, and codes built from templates", () => {
    const inTransport = (path: string): boolean => path.startsWith("packages/transport-memory/src/");
    expect([...codesIn(inTransport)]).toEqual(expect.arrayContaining(["missing-clock", "missing-random"]));
    const settings = codesMadeIn(sources, (path) => /^packages\/(wire|scoring)\/src\//.test(path));
    expect(settings.get("invalid-scoring-config")).toContainEqual(
      expect.stringContaining("packages/wire/src/core/settings.ts:"),
    );
  });

  test("reads the members of a union of unions", () => {
    const told = unionMembers(sources, "packages/demls/src/index.ts", "DemlsErrorCode");
    expect(told).toEqual(expect.arrayContaining(["missing-key", "not-joined", "signer-closed"]));
  });
});
