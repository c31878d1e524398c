import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { FORMAT } from "../src/engine/head.js";
import { openLevelStorage } from "../src/index.js";
import { note, useStorages } from "./storages.js";

/** `WRITE_STORES=1` records the folder of the current format again. `tests/formats.test.ts` refuses it after a release. */
const WRITES = process.env["WRITE_STORES"] === "1";

const { freshFolder, openIn } = useStorages();
const fileOf = (format: number): URL => new URL(`stores/format-${format}.json`, import.meta.url);

/** The records of each folder: some of a batch that is in a table, some of one that is in a log. */
const RECORDS = ["a", "b", "c", "d"];

/** Files of a folder, by path, in Base64. */
type Files = Readonly<Record<string, string>>;

async function record(): Promise<Files> {
  const folder = await freshFolder();
  const first = await openLevelStorage(folder);
  await first.write([note("a", 1), note("b", 2), note("gone", 3)]);
  await first.close();
  const second = await openLevelStorage(folder);
  await second.write([note("c", 4), { kind: "delete", namespace: "notes", key: "gone" }]);
  await second.write([note("d", 5)]);
  await second.close();
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    paths.map((path) => [path.slice(folder.length + 1), readFileSync(path).toString("base64")]),
  );
}

const formats = Array.from({ length: FORMAT }, (_, index) => index + 1);

test.each(formats)("A folder of format %i is opened and written", async (format) => {
  if (WRITES && format === FORMAT)
    writeFileSync(fileOf(format), `${JSON.stringify(await record(), undefined, 2)}\n`);
  const folder = await freshFolder();
  const files = JSON.parse(readFileSync(fileOf(format), "utf8")) as Files;
  for (const [path, base64] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), Buffer.from(base64, "base64"));
  }
  const storage = await openIn(folder);
  expect(await storage.scan("notes")).toEqual(
    RECORDS.map((key, index) => ({ key, value: Uint8Array.of([1, 2, 4, 5][index]!) })),
  );
  await storage.write([note("e", 6)]);
  expect((await storage.scan("notes")).map(({ key }) => key)).toEqual([...RECORDS, "e"]);
});
