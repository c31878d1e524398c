import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSeededRandom } from "@demls/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openIdentity } from "../../../src/chat/identity/open-identity.js";
import type { IdentitySource } from "../../../src/chat/identity/identity-source.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "demls-identity-"));
});
afterEach(() => rm(folder, { recursive: true }));

const KEY = "ac".repeat(32);
const seeded = (seed: string) => createSeededRandom(seed);
const open = (source: IdentitySource, seed = "first") =>
  openIdentity(source, { XDG_CONFIG_HOME: join(folder, "config") }, seeded(seed));
const file = (name: string): IdentitySource => ({ kind: "file", path: join(folder, name) });

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

describe("An identity file", () => {
  test("is created if missing, with access for the owner only, as is its folder", async () => {
    const identity = await open({ kind: "file", path: undefined });
    expect(identity.file).toBe(join(folder, "config/demls/identity.json"));
    expect(identity.key).toHaveLength(32);
    expect(identity.nodeKey).toHaveLength(32);
    expect(identity.key).not.toEqual(identity.nodeKey);
    expect(await modeOf(join(folder, "config/demls"))).toBe(0o700);
    expect(await modeOf(join(folder, "config/demls/identity.json"))).toBe(0o600);
  });

  test("yields the same identity the next time, and leaves no temporary files", async () => {
    const { key, nodeKey, release } = await open(file("ada.json"));
    await release();
    const again = await open(file("ada.json"), "second");
    expect(again).toMatchObject({ key, nodeKey });
    await again.release();
    expect(await readdir(folder)).toEqual(["ada.json"]);
  });

  test("has one identity if two processes create it at the same time", async () => {
    const source = file("ada.json");
    const opened = await Promise.all(["first", "second"].map((seed) => open(source, seed)));
    expect(opened[0]?.key).toEqual(opened[1]?.key);
  });

  test.each([0o640, 0o604, 0o660])("is rejected with mode %o, and stays unchanged", async (mode) => {
    await (await open(file("ada.json"))).release();
    const path = join(folder, "ada.json");
    await chmod(path, mode);
    await expect(open(file("ada.json"))).rejects.toMatchObject({ code: "identity-exposed" });
    expect(await modeOf(path)).toBe(mode);
  });

  test.each([
    ["empty", ""],
    ["invalid JSON", `{"version":1,"key":"${KEY}"`],
    ["of another version", JSON.stringify({ version: 2, key: KEY, nodeKey: KEY })],
    ["without a node key", JSON.stringify({ version: 1, key: KEY })],
    ["with a short key", JSON.stringify({ version: 1, key: "ac", nodeKey: KEY })],
    ["not an object", "null"],
    ["too long", " ".repeat(10_000)],
  ])("that is %s is rejected and kept, and the error does not quote it", async (_what, text) => {
    const path = join(folder, "ada.json");
    await writeFile(path, text, { mode: 0o600 });
    const error: unknown = await open(file("ada.json")).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "identity-broken" });
    expect(String(error)).not.toContain("acac");
    expect(await readFile(path, "utf8")).toBe(text);
  });

  test("that cannot be read or written is named in the error", async () => {
    await writeFile(join(folder, "blocker"), "");
    await expect(open(file("blocker/ada.json"))).rejects.toMatchObject({
      code: "identity-unreadable",
      message: expect.stringContaining("ENOTDIR") as string,
    });
  });
});

describe("The lock of an identity", () => {
  test("rejects an identity that another process uses, with a remedy", async () => {
    await writeFile(join(folder, "ada.json.lock"), `${process.ppid}\n`);
    await expect(open(file("ada.json"))).rejects.toMatchObject({
      code: "identity-in-use",
      message: expect.stringContaining(`process ${process.ppid}`) as string,
      remedy: expect.stringContaining("--identity bob.json") as string,
    });
  });

  test.each([
    ["process that has ended", "4194999\n"],
    ["earlier process with the same id", `${process.pid}\n`],
    ["crash during the write", ""],
  ])("is replaced if it is left over from a %s", async (_what, text) => {
    await writeFile(join(folder, "ada.json.lock"), text);
    const { release } = await open(file("ada.json"));
    expect(await readFile(join(folder, "ada.json.lock"), "utf8")).toBe(`${process.pid}\n`);
    await release();
    await release();
    expect(await readdir(folder)).toEqual(["ada.json"]);
  });
});

describe("A user's own key", () => {
  test("comes from a file or a variable, with a new node key each time", async () => {
    const path = join(folder, "ada.key");
    await writeFile(path, `0x${KEY}\n`, { mode: 0o600 });
    const fromFile = await open({ kind: "keyFile", path });
    const fromVariable = await open({ kind: "variable", hex: KEY }, "second");
    expect(fromFile.key).toEqual(fromVariable.key);
    expect(fromFile.nodeKey).not.toEqual(fromVariable.nodeKey);
    expect(fromFile.file).toBeUndefined();
  });

  test("is rejected if others may read the file, if it is not a key, and if the file is missing", async () => {
    const path = join(folder, "ada.key");
    await expect(open({ kind: "keyFile", path })).rejects.toMatchObject({ code: "identity-missing" });
    await writeFile(path, KEY, { mode: 0o600 });
    await chmod(path, 0o644);
    await expect(open({ kind: "keyFile", path })).rejects.toMatchObject({ code: "identity-exposed" });
    const error: unknown = await open({ kind: "variable", hex: "acacac" }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "identity-broken" });
    expect(String(error)).not.toContain("acac");
  });
});
