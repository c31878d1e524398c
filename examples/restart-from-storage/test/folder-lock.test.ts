import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, open, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import { putRecord } from "@demls/wire/core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openFileStorage } from "../src/file-storage.js";
import { lockFolder } from "../src/folder-lock.js";

// Calls the original by default.
vi.mock(import("node:fs/promises"), async (load) => {
  const original = await load();
  return { ...original, open: vi.fn(original.open), writeFile: vi.fn(original.writeFile) };
});

/** Script that opens a storage, and prints the number of each written batch. */
const WRITER = `
  const { openFileStorage } = await import(process.argv[1]);
  const storage = await openFileStorage(process.argv[2], { logBytes: 1_000 });
  for (let number = 1; ; number++) {
    const put = (key) => ({ kind: "put", namespace: "notes", key, value: new Uint8Array(50).fill(number) });
    await storage.write([put("left"), put("right")]);
    console.log(number);
  }`;

/** Script that reports to its parent whether it could lock a folder. */
const THREAD = `
  const { parentPort, workerData } = require("node:worker_threads");
  import(workerData.storage)
    .then(({ openFileStorage }) => openFileStorage(workerData.folder))
    .then(() => "opened", ({ code }) => code)
    .then((outcome) => parentPort.postMessage(outcome));`;

const STORAGE = new URL("../dist/file-storage.js", import.meta.url).href;

let folder: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "demls-lock-"));
});

afterEach(async () => {
  child?.kill("SIGKILL");
  child = undefined;
  await rm(folder, { recursive: true });
});

/** Kills a process after `count` writes. @returns the last number that it printed. */
async function writeAndBeKilled(many: number, whileItRuns?: () => Promise<void>): Promise<number> {
  const args = ["--input-type=module", "-e", WRITER, STORAGE, folder];
  const writer = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  child = writer;
  const exit = once(writer, "exit");
  let last = 0;
  for await (const line of createInterface(writer.stdout)) {
    last = Number(line);
    if (last !== many) continue;
    await whileItRuns?.();
    writer.kill("SIGKILL");
  }
  await exit;
  return last;
}

test("A folder has one holder at a time, also within one process", async () => {
  const unlock = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toMatchObject({ code: "storage-in-use" });
  await unlock();
  const unlockAgain = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toMatchObject({ code: "storage-in-use" });
  await unlockAgain();
});

test("Of many concurrent openers one succeeds, and one lock file is left", async () => {
  for (const _round of [1, 2, 3]) {
    const wanted = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)));
    const had = wanted.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
    expect(had).toHaveLength(1);
    await had[0]?.();
  }
  await (
    await lockFolder(folder)
  )();
  expect(await readdir(folder)).toHaveLength(1);
});

test("A slow opener does not get a folder that another one has locked meanwhile", async () => {
  await (
    await lockFolder(folder)
  )();
  let look = (): void => undefined;
  const hasLooked = new Promise<void>((resolve) => (look = resolve));
  let goOn = (): void => undefined;
  const othersCame = new Promise<void>((resolve) => (goOn = resolve));
  const write = vi.mocked(writeFile).getMockImplementation()!;
  vi.mocked(writeFile).mockImplementationOnce(async (...args) => {
    look();
    await othersCame;
    return write(...args);
  });
  const slow = lockFolder(folder);
  await hasLooked;
  // The second opener removes the first one's lock, which would have conflicted.
  await (
    await lockFolder(folder)
  )();
  const unlock = await lockFolder(folder);
  goOn();
  await expect(slow).rejects.toMatchObject({ code: "storage-in-use" });
  expect(await readdir(folder)).toHaveLength(1);
  await unlock();
});

test("Another thread of the process does not get a locked folder", async () => {
  const storage = await openFileStorage(folder);
  const thread = new Worker(THREAD, { eval: true, workerData: { storage: STORAGE, folder } });
  expect(await once(thread, "message")).toEqual(["storage-in-use"]);
  await thread.terminate();
  await storage.close();
});

test("A folder is released even if its log cannot be closed", async () => {
  const openFile = vi.mocked(open).getMockImplementation()!;
  const storage = await openFileStorage(folder);
  await storage.write([putRecord("notes", "first", Uint8Array.of(1))]);
  await storage.close();
  vi.mocked(open).mockImplementationOnce(async (...args) => {
    const file = await openFile(...args);
    const close = file.close.bind(file);
    return Object.assign(file, { close: () => close().then(() => Promise.reject(new Error("EIO"))) });
  });
  const failing = await openFileStorage(folder);
  await expect(failing.close()).rejects.toThrow("EIO");
  await (await openFileStorage(folder)).close();
});

test("A folder is locked while its process runs, and keeps the writes of a killed process", async () => {
  const last = await writeAndBeKilled(20, async () => {
    await expect(openFileStorage(folder)).rejects.toMatchObject({ code: "storage-in-use" });
  });
  const storage = await openFileStorage(folder);
  const numbers = (await storage.scan("notes")).map(({ value }) => value[0]);
  expect(numbers).toHaveLength(2);
  // One more batch than printed may be on disk.
  expect([last, last + 1]).toContain(numbers[0]);
  expect(numbers[1]).toBe(numbers[0]);
  await storage.close();
});
