import { createMemoryNetwork, createUser, type User } from "demls";
import { chmod, rm, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { openLevelStorage, type LevelStorage } from "../src/index.js";
import { onFailingDisk, onOwnDisk, run } from "./own-disk.js";
import { note, notesIn, useStorages } from "./storages.js";

const { freshFolder, openIn } = useStorages();

/** Alice, who keeps all chat, from a folder. */
async function openAlice(folder: string): Promise<{ readonly alice: User; readonly storage: LevelStorage }> {
  const storage = await openLevelStorage(folder);
  const key = new Uint8Array(32).fill(1);
  const transport = createMemoryNetwork().join();
  return { alice: await createUser({ key, transport, storage, history: "all" }), storage };
}

/** Lets alice chat until her disk fails, and again after its repair: all that she was told as kept is there. */
async function chatOver(folder: string, disk: { fail(): Promise<void>; repair(): unknown }): Promise<void> {
  const { alice, storage } = await openAlice(folder);
  const garden = await alice.createConversation("garden");
  const kept: string[] = [];
  const say = async (): Promise<void> => {
    const text = `message ${kept.length + 1} ${"x".repeat(2_000)}`;
    await garden.send(text);
    kept.push(text);
  };
  for (let i = 0; i < 5; i++) await say();
  await disk.fail();
  let failure: unknown;
  while (failure === undefined) failure = await say().catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "storage-failed", cause: { code: "storage-unwritable" } });
  await expect(garden.send("too late")).rejects.toMatchObject({ code: "storage-failed" });
  await alice.close();
  await storage.close();

  await disk.repair();
  const again = await openAlice(folder);
  const same = again.alice.conversation("garden");
  const texts = (await same.messages({ limit: 256, order: "oldest" })).map(({ text }) => text);
  // The message that failed may be on the disk.
  expect(texts.slice(0, kept.length)).toEqual(kept);
  expect(texts.length).toBeLessThanOrEqual(kept.length + 1);
  await (
    await same.send("again")
  ).published;
  expect((await same.messages({ limit: 1 }))[0]?.text).toBe("again");
  await again.alice.close();
  await again.storage.close();
}

describe("A full disk", () => {
  test("fails the batch and all further ones, and the storage continues when there is space", async (context) => {
    await onOwnDisk(context, await freshFolder(), "1m", async (folder) => {
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
      expect(failure).toMatchObject({
        code: "storage-unwritable",
        field: "location",
        message: expect.stringMatching(/ cannot be written: No space left on device\.$/) as string,
      });
      expect(written).toBeGreaterThan(5);
      // Smaller ones would fit, but LevelDB may have written a part of the failed one.
      await expect(storage.write([note("small", 1)])).rejects.toBe(failure);
      await expect(storage.write([])).rejects.toBe(failure);
      await storage.close();

      expect(run("mount", "-o", "remount,size=16m", folder)).toBe(true);
      const again = await openLevelStorage(folder);
      expect(await notesIn(again)).toEqual(Array.from({ length: written }, (_, i) => `${100 + i}`));
      await again.write([note("small", 1)]);
      await again.close();
    });
  });
});

describe("A disk of a member that chats", () => {
  test("fills: the chat stops, and goes on when there is space", async (context) => {
    await onOwnDisk(context, await freshFolder(), "4m", async (folder) => {
      const filler = `${folder}/filler`;
      await chatOver(`${folder}/store`, {
        fail: () => writeFile(filler, new Uint8Array(8_000_000)).catch(() => undefined),
        repair: () => rm(filler),
      });
    });
  });

  test("turns read-only while it is open: the chat stops, and goes on after a repair", async (context) => {
    const folder = await freshFolder();
    await onFailingDisk(context, folder, (disk) => chatOver(`${folder}/store`, disk));
  });
});

describe("A read-only disk", () => {
  test("is an error, and the storage opens when it is writable again", async (context) => {
    await onOwnDisk(context, await freshFolder(), "4m", async (folder) => {
      const storage = await openLevelStorage(folder);
      await storage.write([note("a", 1)]);
      await storage.close();
      expect(run("mount", "-o", "remount,ro", folder)).toBe(true);
      await expect(openLevelStorage(folder)).rejects.toMatchObject({ code: "storage-unwritable" });
      await expect(openLevelStorage(`${folder}/deeper`)).rejects.toMatchObject({
        code: "storage-unwritable",
      });
      expect(run("mount", "-o", "remount,rw", folder)).toBe(true);
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
