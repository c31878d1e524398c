/// <reference types="vite/client" />
import { parseExactly } from "../vectors/exact-json.js";
import type { Deviation } from "../vectors/load.js";

const texts = import.meta.glob<string>("../vectors/*.json", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** Loads vectors as `loadVectors` of vectors/load.ts does on Node, without the record of loaded files. */
export function loadVectors<T>(file: string): T {
  const text = texts[`../vectors/${file}`];
  if (text === undefined) throw new Error(`There is no vector file ${file}.`);
  return parseExactly(text) as T;
}

/** Same as `deviationsOf` of vectors/load.ts. */
export function deviationsOf(file: string): ReadonlyMap<string, Deviation> {
  const all = loadVectors<readonly Deviation[]>("deviations.json");
  return new Map(all.filter((deviation) => deviation.file === file).map((found) => [found.case, found]));
}
