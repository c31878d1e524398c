import { describe, expect, test } from "vitest";
import { runs } from "../../../../hostile/runs.js";
import { createArrivals } from "./arrivals.js";
import { SLOW, WHOLE } from "./cases.js";
import { expectCase } from "./expect-case.js";
import type { Life } from "./life.js";
import { outlineOf } from "./outline.js";

describe("In every course of a longer epoch, the rules of closing lead to the listed ends only:", () => {
  test.each(SLOW)("$title", expectCase);

  // Minutes: `DEMLS_FUZZ_RUNS=10 npx vitest run --mode slow packages/session/test/closing-search`.
  test.runIf(runs(1) > 1).each(WHOLE)("$title", { timeout: 1_200_000 }, expectCase);
});

test("The search leaves nothing out: three members reach the same ends if each arrival is a step", () => {
  const life: Life = { members: 3, commits: [{ acceptedBy: [0, 1] }, { acceptedBy: [2] }] };
  expect(outlineOf(life, { stepsOf: createArrivals(life) })).toEqual(outlineOf(life));
});
