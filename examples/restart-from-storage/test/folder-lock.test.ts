import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openFileStorage } from "../src/file-storage.js";
import { lockFolder } from "../src/folder-lock.js";

/** Opens a storage, writes one batch after the other, and says of each when it was written. */
const WRITER = `
  const { openFileStorage } = await import(process.argv[1]);
  const storage = await openFileStorage(process.argv[2], { logBytes: 1_000 });
  for (let number = 1; ; number++) {
    const put = (key) => ({ kind: "put", namespace: "notes", key, value: new Uint8Array(50).fill(number) });
    await storage.write([put("left"), put("right")]);
    console.log(number);
  }`;

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
  const storage = new URL("../dist/file-storage.js", import.meta.url).href;
  const args = ["--input-type=module", "-e", WRITER, storage, folder];
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
