import { spawnSync } from "node:child_process";
import { chmod } from "node:fs/promises";
import { describe, expect, test, type TestContext } from "vitest";
import { openLevelStorage } from "../src/index.js";
import { note, notesIn, useStorages } from "./storages.js";

const { freshFolder, openIn } = useStorages();

const mount = (...args: readonly string[]): boolean => spawnSync("mount", args).status === 0;

/** Runs a test in a file system of its own in memory; skips it where mounting is not allowed. */
async function onOwnDisk(
  { skip }: TestContext,
  size: string,
  run: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await freshFolder();
  if (!mount("-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder)) skip("only root may mount a disk");
  try {
    await run(folder);
  } finally {
    spawnSync("umount", ["--lazy", folder]);
  }
}

describe("A full disk", () => {
  test("fails the batch and all further ones, and the storage continues when there is space", async (context) => {
    await onOwnDisk(context, "1m", async (folder) => {
      const storage = await openLevelStorage(folder);
      const value = new Array<number>(50_000).fill(7);
      let written = 0;
      let failure: unknown;
      while (failure === undefined) {
        failure = await storage.write([note(`${100 + written}`, ...value)]).then(
          () => void (written += 1),
          (error: unknown) => error,
        );
      }
      expect(failure).toMatchObject({ code: "storage-unwritable", field: "location" });
      expect(written).toBeGreaterThan(5);
      // Smaller ones would fit, but LevelDB may have written a part of the failed one.
      await expect(storage.write([note("small", 1)])).rejects.toBe(failure);
      await expect(storage.write([])).rejects.toBe(failure);
      await storage.close();

      expect(mount("-o", "remount,size=16m", folder)).toBe(true);
      const again = await openLevelStorage(folder);
      expect(await notesIn(again)).toEqual(Array.from({ length: written }, (_, i) => `${100 + i}`));
      await again.write([note("small", 1)]);
      await again.close();
    });
  });
});

describe("A read-only disk", () => {
  test("is an error, and the storage opens when it is writable again", async (context) => {
    await onOwnDisk(context, "4m", async (folder) => {
      const storage = await openLevelStorage(folder);
      await storage.write([note("a", 1)]);
      await storage.close();
      expect(mount("-o", "remount,ro", folder)).toBe(true);
      await expect(openLevelStorage(folder)).rejects.toMatchObject({ code: "storage-unwritable" });
      await expect(openLevelStorage(`${folder}/deeper`)).rejects.toMatchObject({
        code: "storage-unwritable",
      });
      expect(mount("-o", "remount,rw", folder)).toBe(true);
      const again = await openLevelStorage(folder);
      expect(await notesIn(again)).toEqual(["a"]);
      await again.close();
    });
  });

  // Access rights do not bind root.
  test.skipIf(process.getuid?.() === 0 || process.platform === "win32")(
    "and a read-only folder",
    async () => {
      const folder = await freshFolder();
      await (await openIn(folder)).close();
      await chmod(folder, 0o500);
      await expect(openLevelStorage(folder)).rejects.toMatchObject({ code: "storage-unwritable" });
      await chmod(folder, 0o700);
      expect(await notesIn(await openIn(folder))).toEqual([]);
    },
  );
});
