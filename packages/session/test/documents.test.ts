import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compatibilityPolicy, defaultConversationConfig } from "../src/index.js";

/** The lines of a document's tables. */
function rowsOf(page: string): readonly string[] {
  const text = readFileSync(new URL(`../../../docs/${page}`, import.meta.url), "utf8");
  return text.split("\n").filter((line) => line.startsWith("|"));
}

test.each(Object.keys(compatibilityPolicy("strict")).filter((name) => name !== "mode"))(
  "docs/modes.md has a row of %s",
  (name) => {
    expect(rowsOf("modes.md").filter((row) => row.startsWith(`| \`${name}\` `))).toHaveLength(1);
  },
);

const defaults: [string, number | boolean][] = Object.entries(defaultConversationConfig);

test.each(defaults)("docs/operations.md has the default of %s", (name, value) => {
  const [row, ...others] = rowsOf("operations.md").filter((line) => line.startsWith(`| \`${name}\` `));
  expect(others).toEqual([]);
  const [, , shown = ""] = row?.split("|") ?? [];
  // Thousands stand apart.
  expect(shown.replaceAll("`", "").trim()).toBe(value.toLocaleString("en").replaceAll(",", " "));
});
