import { posix } from "node:path";

import { describe, expect, it } from "vitest";

import { projectFiles, readText } from "./workspace.js";

const FOLDER = "packages/session/test/weaknesses/";

/** The first weaknesses of the table, which the project began with. */
const FIRST = 1;
const LAST = 31;

/** A section of docs/weaknesses.md. */
interface Section {
  readonly number: number;
  readonly text: string;
}

const sections: readonly Section[] = readText("docs/weaknesses.md")
  .split(/^(?=## W)/m)
  .flatMap((text) => {
    const number = /^## W(\d+)\. \S/.exec(text)?.[1];
    return number === undefined ? [] : [{ number: Number(number), text }];
  });

/** The test files of the folder that a section names. */
function testsNamed({ text }: Section): readonly string[] {
  return [...text.matchAll(/`(w\d+-[a-z0-9-]+\.test\.ts)`/g)].map(([, name]) => name ?? "");
}

/** The weaknesses in the names of a test file's outer describes. */
function subjectsOf(file: string): readonly number[] {
  const titles = readText(FOLDER + file).matchAll(/^describe(?:\.each\([^"]*?\))?\(\s*"W(\d+)\b/gm);
  return [...titles].map(([, number]) => Number(number));
}

/** The compatibility modes that a test file runs in, or mentions with a reason to skip it. */
function modesOf(file: string): readonly string[] {
  const text = readText(FOLDER + file);
  const modes = ["de-mls-3", "strict"];
  return /\.each\(MODES\)|^ \* In one mode only: \S/m.test(text)
    ? modes
    : modes.filter((mode) => text.includes(`("${mode}")`) || text.includes(`mode: "${mode}"`));
}

const testFiles = projectFiles(FOLDER)
  .map((path) => path.slice(FOLDER.length))
  .filter((name) => name.endsWith(".test.ts"));

const allFiles = projectFiles("packages");

describe("docs/weaknesses.md", () => {
  it("has a section of each weakness, in their order", () => {
    const numbers = sections.map(({ number }) => number);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    const expected = Array.from({ length: LAST - FIRST + 1 }, (_, i) => FIRST + i);
    expect(expected.filter((number) => !numbers.includes(number))).toEqual([]);
  });

  it.each(sections)("names tests of W$number, and of no other weakness only", (section) => {
    const named = testsNamed(section);
    expect(named.length).toBeGreaterThan(0);
    for (const name of named) {
      expect(testFiles).toContain(name);
      expect(name).toMatch(new RegExp(`^w0*${section.number}-`));
      expect(subjectsOf(name)).toContain(section.number);
    }
  });

  it("names only existing tests", () => {
    const named = sections.flatMap(({ text }) =>
      [...text.matchAll(/`([a-z0-9./-]+\.test\.ts)`/g)].map(([, name]) => name ?? ""),
    );
    // Resolves a path from the root, otherwise from the folder of the weaknesses' tests.
    const isThere = (name: string): boolean =>
      allFiles.includes(name) || allFiles.includes(posix.join(FOLDER, name));
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !isThere(name))).toEqual([]);
  });

  it.each(testFiles)("is shown in both modes by %s", (file) => {
    expect(modesOf(file)).toEqual(["de-mls-3", "strict"]);
  });

  it("names every test of a weakness", () => {
    const named = sections.flatMap(testsNamed);
    expect(testFiles.filter((name) => !named.includes(name))).toEqual([]);
    expect(testFiles.length).toBeGreaterThan(0);
  });
});
