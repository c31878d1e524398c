import { chmod, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { platformRandom, type StorageOperation } from "demls";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createPrivateFiles } from "../../../src/chat/files/private-files.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "demls-files-"));
});
afterEach(() => rm(folder, { recursive: true }));

const files = createPrivateFiles(platformRandom);

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

test("A created file and its folder are for their owner alone, and no draft is left", async () => {
  const path = join(folder, "demls/default/profile.json");
  expect(await files.create(path, "one")).toBe(true);
  expect(await files.create(path, "two")).toBe(false);
  expect(await files.read(path)).toBe("one");
  await files.replace(path, "three");
  expect(await files.read(path)).toBe("three");
  expect(await modeOf(path)).toBe(0o600);
  expect(await modeOf(join(folder, "demls"))).toBe(0o700);
  expect(await readdir(join(folder, "demls/default"))).toEqual(["profile.json"]);
});

test.each([0o640, 0o604, 0o660])("A file with mode %o is rejected, and stays unchanged", async (mode) => {
  const path = join(folder, "secret");
  await writeFile(path, "secret");
  await chmod(path, mode);
  await expect(files.read(path)).rejects.toMatchObject({ code: "file-exposed" });
  expect(await modeOf(path)).toBe(mode);
});

test("A missing file and the names in a missing folder are no error, and neither is its removal", async () => {
  expect(await files.read(join(folder, "none"))).toBeUndefined();
  expect(await files.names(join(folder, "none"))).toEqual([]);
  await files.remove(join(folder, "none"));
});

test("A file that cannot be read or written, or is too long, is named in the error", async () => {
  await writeFile(join(folder, "blocker"), " ".repeat(70_000), { mode: 0o600 });
  await expect(files.read(join(folder, "blocker"))).rejects.toMatchObject({ code: "file-too-long" });
  await expect(files.create(join(folder, "blocker/a"), "")).rejects.toMatchObject({ code: "file-unusable" });
  await expect(files.names(join(folder, "blocker"))).rejects.toMatchObject({
    code: "file-unusable",
    message: expect.stringMatching(/blocker cannot be used \(ENOTDIR\)\./) as string,
  });
});

test("A storage has one opener at a time, is there the next time, and is removed with its folder", async () => {
  const path = join(folder, "demls/garden/storage");
  const record: StorageOperation = { kind: "put", namespace: "a", key: "b", value: Uint8Array.of(7) };
  const storage = await files.openStorage(path, true);
  await storage.write([record]);
  await expect(files.openStorage(path, true)).rejects.toMatchObject({ code: "storage-in-use" });
  await storage.close();
  const again = await files.openStorage(path, false);
  expect(await again.scan("a")).toMatchObject([{ key: "b", value: Uint8Array.of(7) }]);
  await again.close();
  await files.remove(join(folder, "demls/garden"));
  expect(await readdir(join(folder, "demls"))).toEqual([]);
  await expect(files.openStorage(path, false)).rejects.toMatchObject({ code: "storage-missing" });
});
