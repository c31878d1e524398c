import { describe, expect, test } from "vitest";
import { calculateConsensusResult } from "../src/index.js";

/** What so many votes of `expectedVoters` decide while the vote is open. */
function early(
  expectedVoters: number,
  yes: number,
  no: number,
  livenessCriteriaYes: boolean,
): boolean | undefined {
  return calculateConsensusResult({
    yes,
    no,
    expectedVoters,
    livenessCriteriaYes,
    threshold: 2 / 3,
    atDeadline: false,
  });
}

describe("Of three members, where silence counts as yes", () => {
  test("the proposer's yes and any one vote decide yes, even where that is a no", () => {
    expect([early(3, 1, 0, true), early(3, 2, 0, true), early(3, 1, 1, true)]).toEqual([
      undefined,
      true,
      true,
    ]);
  });

  test("two nos win where they are counted first", () => {
    expect([early(3, 0, 1, true), early(3, 0, 2, true)]).toEqual([undefined, false]);
  });
});

describe("Of three members, where silence counts as no", () => {
  test("a yes takes two votes that are cast, and one no against one yes decides no", () => {
    expect([early(3, 1, 0, false), early(3, 2, 0, false), early(3, 1, 1, false)]).toEqual([
      undefined,
      true,
      false,
    ]);
  });
});

describe("Of two members", () => {
  test.each([true, false])("both must say yes, whatever silence counts as (yes: %s)", (liveness) => {
    expect([early(2, 1, 0, liveness), early(2, 2, 0, liveness), early(2, 1, 1, liveness)]).toEqual([
      undefined,
      true,
      false,
    ]);
  });
});
