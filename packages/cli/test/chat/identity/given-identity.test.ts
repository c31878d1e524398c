import { createSeededRandom } from "@demls/testkit";
import { describe, expect, test } from "vitest";
import { loadGivenIdentity } from "../../../src/chat/identity/given-identity.js";
import { createMemoryFiles, type MemoryFiles } from "../harness/memory-files.js";

const KEY = "ac".repeat(32);
const PATH = "/keys/ada.json";

const load = (files: MemoryFiles, seed = "first") =>
  loadGivenIdentity({ kind: "file", path: PATH }, files, createSeededRandom(seed));

describe("An identity file", () => {
  test("is created if missing, and yields the same identity the next time", async () => {
    const files = createMemoryFiles();
    const identity = await load(files);
    expect(identity.key).toHaveLength(32);
    expect(identity.nodeKey).toHaveLength(32);
    expect(identity.key).not.toEqual(identity.nodeKey);
    expect(await load(files, "second")).toEqual(identity);
  });

  test("has one identity if two processes create it at the same time", async () => {
    const files = createMemoryFiles();
    const [first, second] = await Promise.all(["first", "second"].map((seed) => load(files, seed)));
    expect(first?.key).toEqual(second?.key);
  });

  test.each([
    ["empty", ""],
    ["invalid JSON", `{"version":1,"key":"${KEY}"`],
    ["of another version", JSON.stringify({ version: 2, key: KEY, nodeKey: KEY })],
    ["without a node key", JSON.stringify({ version: 1, key: KEY })],
    ["with a short key", JSON.stringify({ version: 1, key: "ac", nodeKey: KEY })],
    ["not an object", "null"],
  ])("that is %s is rejected and kept, and the error does not quote it", async (_what, text) => {
    const files = createMemoryFiles();
    await files.create(PATH, text);
    const error: unknown = await load(files).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "identity-broken" });
    expect(String(error)).not.toContain("acac");
    expect(files.texts.get(PATH)).toBe(text);
  });
});

describe("A user's own key", () => {
  test("comes from a file or a variable, with a new node key each time", async () => {
    const files = createMemoryFiles();
    await files.create("/keys/ada.key", `0x${KEY}\n`);
    const fromFile = await loadGivenIdentity(
      { kind: "keyFile", path: "/keys/ada.key" },
      files,
      createSeededRandom("first"),
    );
    const fromVariable = await loadGivenIdentity(
      { kind: "variable", hex: KEY },
      files,
      createSeededRandom("second"),
    );
    expect(fromFile.key).toEqual(fromVariable.key);
    expect(fromFile.nodeKey).not.toEqual(fromVariable.nodeKey);
  });

  test("is rejected if it is not a key, and if the file is missing", async () => {
    const files = createMemoryFiles();
    const random = createSeededRandom("any");
    const missing = loadGivenIdentity({ kind: "keyFile", path: "/keys/none" }, files, random);
    await expect(missing).rejects.toMatchObject({ code: "identity-missing" });
    const error: unknown = await loadGivenIdentity({ kind: "variable", hex: "acacac" }, files, random).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: "identity-broken" });
    expect(String(error)).not.toContain("acac");
  });
});
