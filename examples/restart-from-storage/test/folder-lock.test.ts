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

// As it is, where a test does not say otherwise.
vi.mock(import("node:fs/promises"), async (load) => {
  const original = await load();
  return { ...original, open: vi.fn(original.open), writeFile: vi.fn(original.writeFile) };
});

/** Opens a storage, writes one batch after the other, and says of each when it was written. */
const WRITER = `
  const { openFileStorage } = await import(process.argv[1]);
  const storage = await openFileStorage(process.argv[2], { logBytes: 1_000 });
  for (let number = 1; ; number++) {
    const put = (key) => ({ kind: "put", namespace: "notes", key, value: new Uint8Array(50).fill(number) });
    await storage.write([put("left"), put("right")]);
    console.log(number);
  }`;

/** Tells its parent how it fares with a folder. */
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

/** The last number that a process wrote before it was killed, after it had written so many. */
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

test("A folder is one opener's at a time, in this process too", async () => {
  const unlock = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toMatchObject({ code: "storage-in-use" });
  await unlock();
  const unlockAgain = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toMatchObject({ code: "storage-in-use" });
  await unlockAgain();
});

test("Of many that want it at once, one has it, and one file is left of them all", async () => {
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

test("Who was slow to take it does not get it beside one that took it meanwhile", async () => {
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
  // The lock of the first of them would have been in the way: the second one removes it.
  await (
    await lockFolder(folder)
  )();
  const unlock = await lockFolder(folder);
  goOn();
  await expect(slow).rejects.toMatchObject({ code: "storage-in-use" });
  expect(await readdir(folder)).toHaveLength(1);
  await unlock();
});

test("Another thread of the process does not get it", async () => {
  const storage = await openFileStorage(folder);
  const thread = new Worker(THREAD, { eval: true, workerData: { storage: STORAGE, folder } });
  expect(await once(thread, "message")).toEqual(["storage-in-use"]);
  await thread.terminate();
  await storage.close();
});

test("It is given back also where the log in it cannot be closed", async () => {
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

test("A running process keeps others out; a killed one does not, and what it wrote is there", async () => {
  const last = await writeAndBeKilled(20, async () => {
    await expect(openFileStorage(folder)).rejects.toMatchObject({ code: "storage-in-use" });
  });
  const storage = await openFileStorage(folder);
  const numbers = (await storage.scan("notes")).map(({ value }) => value[0]);
  expect(numbers).toHaveLength(2);
  // The one after the last that it told of may be written too.
  expect([last, last + 1]).toContain(numbers[0]);
  expect(numbers[1]).toBe(numbers[0]);
  await storage.close();
});
