import { openLevelStorage } from "@demls/storage-level";
import { createMemoryNetwork, createUser } from "demls";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encryptedStorage } from "../src/index.js";
import { KEY, random } from "./storages.js";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "demls-encrypted-"));
});

afterAll(() => rm(folder, { recursive: true }));

/** Runs a member on encrypted files. */
async function live(run: (alice: Awaited<ReturnType<typeof createUser>>) => Promise<void>): Promise<void> {
  const disk = await openLevelStorage(folder);
  const storage = await encryptedStorage(disk, { ...KEY, random });
  const key = new Uint8Array(32).fill(1);
  const alice = await createUser({ key, transport: createMemoryNetwork().join(), storage });
  await run(alice);
  await alice.close();
  await storage.close();
  await disk.close();
}

test("A member's files over LevelDB show no names, and continue after a restart", async () => {
  await live(async (alice) => {
    const garden = await alice.createConversation("garden");
    await (
      await garden.send("meet me at the old oak")
    ).published;
  });
  const names = await readdir(folder);
  const files = Buffer.concat(await Promise.all(names.map((name) => readFile(join(folder, name)))));
  expect(files.includes("encrypted")).toBe(true);
  for (const text of ["garden", "old oak", "conversation", "identity", "field/"])
    expect(files.includes(text), text).toBe(false);
  await live(async (alice) => {
    await (
      await alice.conversation("garden").send("again")
    ).published;
  });
});
