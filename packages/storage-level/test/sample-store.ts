import type { Storage } from "@demls/wire/core";
import { cp, readdir } from "node:fs/promises";
import { expect } from "vitest";
import { openLevelStorage } from "../src/index.js";
import { note } from "./storages.js";

/** Batches of the sample. Batch n writes n under two keys of its own and under two of all batches. */
export const BATCHES = 40;

const text = (n: number) => String(n).padStart(2, "0");

function batch(n: number) {
  const filling = new Array<number>(n % 7 === 0 ? 3_000 : 30).fill(n);
  return [
    note("first", n),
    note(`own/${text(n)}/a`, ...filling),
    note(`own/${text(n)}/b`, n),
    note("last", n),
  ];
}

/** The number of the last batch, if the records are exactly those of that many batches. */
async function wholeBatches(storage: Storage): Promise<number | undefined> {
  const found = new Map((await storage.scan("notes")).map(({ key, value }) => [key, [...value]]));
  const [n = 0] = found.get("last") ?? [];
  const expected = new Map<string, readonly number[]>();
  for (let i = 1; i <= n; i++)
    for (const operation of batch(i))
      if (operation.kind === "put") expected.set(operation.key, [...operation.value]);
  const sorted = [...expected].sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([...found]) === JSON.stringify(sorted) ? n : undefined;
}

/** The outcome of opening a folder: the number of whole batches, `part` of one, or the code of the error. */
export async function outcome(folder: string): Promise<number | string> {
  try {
    const storage = await openLevelStorage(folder);
    const batches = await wholeBatches(storage);
    await storage.close();
    return batches ?? "part";
  } catch (error) {
    const { code, remedy, field } = error as Record<string, unknown>;
    expect(field).toBe("location");
    expect(remedy).toEqual(expect.any(String));
    return String(code);
  }
}

/** Folders of {@link BATCHES} batches. */
export interface Samples {
  /** After a crash: all records are in a log. */
  readonly crashed: string;
  /** Half of the batches are from before closing it. Then a process crashed, and another one that has only opened it. */
  readonly reopened: string;
  /** The same as the first, after closing. */
  readonly closed: string;
  /** One batch more, after closing: most records are in a table. */
  readonly inTable: string;
}

/** @param freshFolder makes an empty folder */
export async function makeSamples(freshFolder: () => Promise<string>): Promise<Samples> {
  const folder = await freshFolder();
  const storage = await openLevelStorage(folder);
  for (let n = 1; n <= BATCHES; n++) await storage.write(batch(n));
  const crashed = await copyTo(await freshFolder(), folder);
  await storage.close();
  const inTable = await copyTo(await freshFolder(), folder);
  // Opening moves the records of the log into a table.
  const next = await openLevelStorage(inTable);
  await next.write(batch(BATCHES + 1));
  await next.close();
  const reopened = await makeReopened(freshFolder);
  return { crashed, reopened, closed: folder, inTable };
}

async function makeReopened(freshFolder: () => Promise<string>): Promise<string> {
  const folder = await freshFolder();
  await writtenIn(folder, 1, BATCHES / 2);
  return writtenIn(await writtenIn(folder, BATCHES / 2 + 1, BATCHES, freshFolder), 1, 0, freshFolder);
}

/** Writes batches, and returns the folder; with `freshFolder` a copy of it as a crash leaves it. */
async function writtenIn(
  folder: string,
  from: number,
  upTo: number,
  freshFolder?: () => Promise<string>,
): Promise<string> {
  const storage = await openLevelStorage(folder);
  for (let n = from; n <= upTo; n++) await storage.write(batch(n));
  const left = freshFolder === undefined ? folder : await copyTo(await freshFolder(), folder);
  await storage.close();
  return left;
}

/** Copies a folder into an empty one. */
export async function copyTo(copy: string, folder: string): Promise<string> {
  await cp(folder, copy, { recursive: true });
  return copy;
}

export async function filesOf(folder: string, pattern: RegExp): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => pattern.test(name)).sort();
}
