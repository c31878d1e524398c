import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, expect } from "vitest";

import { parseExactly } from "./exact-json.js";

/** The parts of one vectors file that one test file has read. */
export interface VectorsRead {
  readonly file: string;
  /** The top-level keys. */
  readonly keys: readonly string[];
  /** Indexes read of each top-level list. */
  readonly elements: Readonly<Record<string, readonly number[]>>;
}

const folder = dirname(fileURLToPath(import.meta.url));

/** Folder of the records. */
const RECORDS = join(folder, "../reports/vectors-read");

/**
 * Loads a vectors file, and records the parts of it that are read.
 *
 * Call it at the top level of a test file, not inside a test. After the file's tests the record is written to
 * `reports/vectors-read/`. `npm test` fails on every key and every element of a top-level list that no test has read.
 *
 * An integer that a double cannot hold exactly (`07_scoring.json` has scores at the ends of 64 bits)
 * is a `bigint` here; every other number is a `number`.
 *
 * @param file - its name, such as `"04_stewards.json"`
 *
 * @example
 * ```ts
 * const vectors = loadVectors<{ readonly lists: readonly ListCase[] }>("04_stewards.json");
 * it("has 20 recorded lists", () => expect(vectors.lists).toHaveLength(20));
 * it.each(vectors.lists)("…", (recorded) => …);
 * ```
 */
export function loadVectors<T>(file: string): T {
  const content = parseExactly(readFileSync(join(folder, file), "utf8"));
  const keys = new Set<string>();
  const elements = new Map<string, Set<number>>();
  afterAll(() => writeRecord(expect.getState().testPath ?? "unknown", { file, keys, elements }));
  return recordKeys(content, keys, elements) as T;
}

/** A recorded case with a deliberately different result here. See the README. */
export interface Deviation {
  readonly file: string;
  /** Such as `cases[7]`. */
  readonly case: string;
  /** Number such as `W8`; absent if the reason is not a listed weakness. */
  readonly weakness?: string;
  readonly reason: string;
}

/** The deviations from one vectors file, by the case. */
export function deviationsOf(file: string): ReadonlyMap<string, Deviation> {
  const all = JSON.parse(readFileSync(join(folder, "deviations.json"), "utf8")) as readonly Deviation[];
  return new Map(all.filter((deviation) => deviation.file === file).map((found) => [found.case, found]));
}

function recordKeys(content: object, keys: Set<string>, elements: Map<string, Set<number>>): object {
  const lists = new Map<string, object>();
  return new Proxy(content, {
    get(target, key, receiver) {
      const value: unknown = Reflect.get(target, key, receiver);
      if (typeof key !== "string" || !Object.hasOwn(target, key)) return value;
      keys.add(key);
      if (!Array.isArray(value)) return value;
      const list = lists.get(key) ?? recordElements(value, entry(elements, key));
      lists.set(key, list);
      return list;
    },
  });
}

function recordElements(list: readonly unknown[], read: Set<number>): object {
  return new Proxy(list, {
    get(target, key, receiver) {
      if (typeof key === "string" && /^\d+$/.test(key) && Number(key) < target.length) read.add(Number(key));
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
}

function entry(elements: Map<string, Set<number>>, key: string): Set<number> {
  const known = elements.get(key) ?? new Set<number>();
  elements.set(key, known);
  return known;
}

function writeRecord(
  testFile: string,
  { file, keys, elements }: { file: string; keys: Set<string>; elements: Map<string, Set<number>> },
): void {
  const record: VectorsRead = {
    file,
    keys: [...keys].sort(),
    elements: Object.fromEntries([...elements].map(([key, read]) => [key, [...read].sort((a, b) => a - b)])),
  };
  mkdirSync(RECORDS, { recursive: true });
  const name = `${relative(join(folder, ".."), testFile)} ${file}`.replaceAll("/", " ");
  writeFileSync(join(RECORDS, name), JSON.stringify(record));
}
