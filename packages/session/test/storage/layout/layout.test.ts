import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decodeRecord, encodeRecord } from "../../../src/storage/plain-data.js";
import { STORE_FORMAT } from "../../../src/storage/store-format.js";
import { allRecords, readFixture, readLayout, recordFixture, rewritten, viewOf } from "./fixture.js";
import { kindOf, layoutOf, linesOf, type PlacedRecord } from "./layout.js";
import { readSourceLayout } from "./source-layout.js";

const source = readSourceLayout();

/** `WRITE_STORES=layout` records the current format again. `tests/formats.test.ts` refuses it after a release. */
if (process.env["WRITE_STORES"] === "layout") await recordFixture(STORE_FORMAT, source);

const lines = readLayout(STORE_FORMAT);
const fixture = readFixture(STORE_FORMAT);
const records = allRecords(fixture);

describe("The layout of the stored values", () => {
  test("is that of the types in the source: a new, renamed or deleted field needs a migration", () => {
    expect(linesOf(source.layout)).toEqual(lines);
  });

  test("is that of the recorded values, in which every field occurs", () => {
    expect(linesOf(layoutOf(records))).toEqual(lines);
  });

  // A new kind of record gets its type in stored-records.ts.
  test("includes all records that the source writes", () => {
    const folder = new URL("../../../src/storage/", import.meta.url);
    const written = readdirSync(folder).flatMap((file) => {
      const text = readFileSync(new URL(file, folder), "utf8");
      return Array.from(
        text.matchAll(/putRecord\((\w+), ((?:[^,()]|\([^)]*\))+), /g),
        ([, place, key]) => `${place} ${key}`,
      );
    });
    expect([...new Set(written)].sort()).toMatchInlineSnapshot(`
      [
        "USER FORMAT",
        "USER IDENTITY",
        "USER PROOF",
        "USER \`\${KEY_PACKAGE}/\${reference}\`",
        "USER historyKey(number)",
        "USER key",
        "namespace CLOCK",
        "namespace GENERATIONS",
        "namespace GROUP",
        "namespace fieldKey(name)",
        "namespace key",
        "namespace keyOf(position)",
        "namespace serialKey(EVENT, serial)",
        "namespace serialKey(MESSAGE, last)",
        "namespace serialKey(prefix, serial)",
      ]
    `);
  });
});

/** A value in which every property of this name has another name. */
function renamed(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  const inside = (item: unknown): unknown => renamed(item, name);
  if (Array.isArray(value)) return value.map(inside);
  if (value instanceof Set) return new Set([...value].map(inside));
  if (value instanceof Map) return new Map(Array.from(value, ([key, item]) => [key, inside(item)]));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key === name ? `${key}2` : key, inside(item)]),
  );
}

test("A renamed field of any recorded value is noticed", () => {
  const holders = new Map<string, PlacedRecord>();
  for (const record of records)
    for (const path of layoutOf([record]).keys())
      if (path.startsWith(kindOf(record))) holders.set(path, record);
  const names = [...holders].flatMap(([path, record]) => {
    const name = /\.(\w+)(\[\]| key| value)*$/.exec(path.slice(kindOf(record).length))?.[1];
    return name === undefined ? [] : [{ path, name, record }];
  });
  expect(names.length).toBeGreaterThan(500);
  const unnoticed = names.filter(({ name, record }) => {
    const value = encodeRecord(renamed(decodeRecord(record.value), name));
    return linesOf(layoutOf([{ ...record, value }])).every((line) => lines.includes(line));
  });
  expect(unnoticed.map(({ path }) => path)).toEqual([]);
});

const formats = Array.from({ length: STORE_FORMAT }, (_, index) => index + 1);

describe.each(formats)("The recorded values of format %i are read", (format) => {
  test.each(readFixture(format).stores)("in a store of $user at $wallMs", async ({ view, ...moment }) => {
    // A later release may show more.
    expect(await viewOf(moment)).toMatchObject(view as object);
  });
});

describe("The recorded values are read", () => {
  test("also in records of other lives, and in those of what happens in no life", () => {
    const others = [...fixture.records, ...fixture.rare];
    expect(others.map(rewritten)).toEqual(others);
  });
});
