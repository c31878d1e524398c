import { describe, expect, it } from "vitest";
import { readOptions } from "../../src/run/options.js";

describe("the options of a run", () => {
  it("have defaults", () => {
    expect(readOptions([])).toMatchObject({ lives: 100, faults: ["all"], seed: 1, size: { min: 2, max: 8 } });
  });

  it("take several kinds of faults, and one size", () => {
    expect(readOptions(["--faults", "none,cut", "--members", "50"])).toMatchObject({
      faults: ["none", "cut"],
      size: { min: 50, max: 50 },
    });
  });

  it.each([
    ["--faults", "rain"],
    ["--lives", "0"],
    ["--loss", "0.5"],
    ["--members", "8-2"],
    ["--seed", "x"],
    ["--storm", "1"],
  ])("reject %s %s", (...args) => {
    expect(() => readOptions(args)).toThrow();
  });

  it.each([["--trace"], ["--only", "chat-1"]])("reject %s for several lives", (...args) => {
    expect(() => readOptions(args)).toThrow("--lives 1");
  });

  it("take the occurrences of one life", () => {
    const { only } = readOptions(["--lives", "1", "--only", "chat-1,loss-1-2-9"]);
    expect(only).toEqual(["chat-1", "loss-1-2-9"]);
    expect(readOptions(["--lives", "1", "--only", ""]).only).toEqual([]);
  });
});
