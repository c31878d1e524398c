import { describe, expect, test } from "vitest";
import { calculateConsensusResult } from "../src/index.js";

/** Result of these votes of `expectedVoters` before the deadline. */
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

describe("Three members, with silence as yes", () => {
  test("decide yes with the proposer's yes and any one vote, even a no", () => {
    expect([early(3, 1, 0, true), early(3, 2, 0, true), early(3, 1, 1, true)]).toEqual([
      undefined,
      true,
      true,
    ]);
  });

  test("decide no if two nos are counted first", () => {
    expect([early(3, 0, 1, true), early(3, 0, 2, true)]).toEqual([undefined, false]);
  });
});

describe("Three members, with silence as no", () => {
  test("need two cast votes for a yes, and decide no with one of each", () => {
    expect([early(3, 1, 0, false), early(3, 2, 0, false), early(3, 1, 1, false)]).toEqual([
      undefined,
      true,
      false,
    ]);
  });
});

describe("Two members", () => {
  test.each([true, false])("need both yes votes, with any default for silence (yes: %s)", (liveness) => {
    expect([early(2, 1, 0, liveness), early(2, 2, 0, liveness), early(2, 1, 1, liveness)]).toEqual([
      undefined,
      true,
      false,
    ]);
  });
});
