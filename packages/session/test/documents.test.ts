import { readFileSync } from "node:fs";
import { defaultScoreDeltas } from "@demls/scoring";
import { describe, expect, test } from "vitest";
import { defaultConversationConfig } from "../src/index.js";
import { compatibilityPolicy, LIMITS } from "../src/step/index.js";

/** The lines of a document's tables. */
function rowsOf(page: string): readonly string[] {
  const text = readFileSync(new URL(`../../../${page}`, import.meta.url), "utf8");
  return text.split("\n").filter((line) => line.startsWith("|"));
}

test.each(Object.keys(compatibilityPolicy("strict")).filter((name) => name !== "mode"))(
  "docs/modes.md has a row of %s",
  (name) => {
    expect(rowsOf("docs/modes.md").filter((row) => row.startsWith(`| \`${name}\` `))).toHaveLength(1);
  },
);

const defaults: [string, number | boolean][] = Object.entries(defaultConversationConfig);

describe.each(["docs/operations.md", "packages/session/README.md"])("%s", (page) => {
  test.each(defaults)("has the default of %s", (name, value) => {
    const [row, ...others] = rowsOf(page).filter((line) => line.startsWith(`| \`${name}\` `));
    expect(others).toEqual([]);
    const [, , shown = ""] = row?.split("|") ?? [];
    // Thousands stand apart.
    expect(shown.replaceAll("`", "").trim()).toBe(value.toLocaleString("en").replaceAll(",", " "));
  });
});

const scored = Object.entries(defaultScoreDeltas).filter(([event]) => event !== "misbehaving-commit");

test.each(scored)("docs/protocol.md has the points of %s", (event, points) => {
  const rows = rowsOf("docs/protocol.md").filter((line) => line.includes(`\`${event}\``));
  const sign = points < 0n ? "−" : "+";
  expect(rows.map((row) => row.split("|").at(-2)?.trim())).toEqual([
    `${sign}${String(points).replace("-", "")}`,
  ]);
});

/** How a bound may be written. */
function writtenForms(name: string, value: number | bigint): readonly string[] {
  const number = value.toLocaleString("en");
  if (name.endsWith("Ms")) return [`${(Number(value) / 1_000).toLocaleString("en")} s`];
  if (!name.endsWith("Bytes")) return [number];
  return [`${Number(value) / 1_024} KiB`, `${Number(value) / 1_024 / 1_024} MiB`];
}

test.each(Object.entries(LIMITS))("docs/architecture.md has the bound %s", (name, value) => {
  const [row = "", ...others] = rowsOf("docs/architecture.md").filter((line) => line.includes(`\`${name}\``));
  expect(others).toEqual([]);
  // Not as a part of a longer number.
  const isWritten = (form: string): boolean => new RegExp(`(?<![\\d,])${form}(?![\\d]|,\\d)`).test(row);
  expect(writtenForms(name, value).filter(isWritten), row).not.toEqual([]);
});
