/// <reference types="vite/client" />
import { parseExactly } from "../vectors/exact-json.js";

const texts = import.meta.glob<string>("../vectors/*.json", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** What `loadVectors` of vectors/load.ts gives on Node, without the record of what was read. */
export function loadVectors<T>(file: string): T {
  const text = texts[`../vectors/${file}`];
  if (text === undefined) throw new Error(`There are no vectors ${file}.`);
  return parseExactly(text) as T;
}
