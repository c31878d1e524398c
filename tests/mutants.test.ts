import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { mutants } from "./mutants/mutants.js";
import { readText } from "./workspace.js";

describe("The mutants of the slow tests", () => {
  it.each(mutants)("$file: $fault", ({ file, from, to, test }) => {
    expect(readText(file).split(from)).toHaveLength(2);
    expect(to).not.toBe(from);
    expect(existsSync(test)).toBe(true);
  });
});
