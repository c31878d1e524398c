import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "./workspace.js";

/** `WRITE_STORES=release` notes that a release writes the current formats. */
const RELEASES = process.env["WRITE_STORES"] === "release";

const REGISTER = join(root, "tests/released-formats.json");

/** Recorded stores of each format: the constant with the current format's number, and the files. */
const STORES = [
  {
    source: "packages/session/src/storage/store-format.ts",
    constant: "STORE_FORMAT",
    folder: "packages/session/test/storage/stores",
  },
  {
    source: "packages/session/src/storage/store-format.ts",
    constant: "STORE_FORMAT",
    folder: "packages/session/test/storage/layout/stores",
  },
  {
    source: "packages/storage-level/src/engine/head.ts",
    constant: "FORMAT",
    folder: "packages/storage-level/test/stores",
  },
  {
    source: "packages/storage-encrypted/src/key-record.ts",
    constant: "FORMAT",
    folder: "packages/storage-encrypted/test/vectors",
  },
];

function currentFormat({ source, constant }: (typeof STORES)[number]): number {
  const text = readFileSync(join(root, source), "utf8");
  return Number(new RegExp(`const ${constant} = (\\d+);`).exec(text)?.[1]);
}

/** Files of each format up to the current one, oldest first. */
const stores = STORES.map((store) => ({
  ...store,
  files: Array.from(
    { length: currentFormat(store) },
    (_, index) => `${store.folder}/format-${index + 1}.json`,
  ),
}));

const hashOf = (file: string): string =>
  createHash("sha256")
    .update(readFileSync(join(root, file)))
    .digest("hex");

if (RELEASES) {
  const hashes = Object.fromEntries(stores.flatMap(({ files }) => files.map((file) => [file, hashOf(file)])));
  const kept = JSON.parse(readFileSync(REGISTER, "utf8")) as Record<string, string>;
  writeFileSync(REGISTER, `${JSON.stringify({ ...hashes, ...kept }, undefined, 2)}\n`);
}

/** Files of formats that a release writes, with their SHA-256. */
const released = JSON.parse(readFileSync(REGISTER, "utf8")) as Readonly<Record<string, string>>;

describe.each(stores)("The recorded stores in $folder", ({ source, files }) => {
  test("include one of each format", () => {
    expect(files.length, source).toBeGreaterThan(0);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  test("stay as they are once a release writes the format, as it does each but the last", () => {
    expect(files.slice(0, -1).filter((file) => released[file] === undefined)).toEqual([]);
    const known = files.filter((file) => released[file] !== undefined);
    expect(Object.fromEntries(known.map((file) => [file, hashOf(file)]))).toEqual(
      Object.fromEntries(known.map((file) => [file, released[file]])),
    );
  });

  test("count as released from the first release on", () => {
    const isReleased = existsSync(join(root, "packages/session/CHANGELOG.md"));
    expect(isReleased && released[files[0]!] === undefined).toBe(false);
  });
});
