import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calculateConsensusResult, createHashgraphConsensus, type Count } from "../src/index.js";

function possible(
  yes: number,
  no: number,
  expectedVoters: number,
  livenessCriteriaYes = true,
  threshold = 2 / 3,
): string[] {
  const consensus = createHashgraphConsensus({ threshold });
  return [...(consensus.possibleResults?.({ yes, no, expectedVoters, livenessCriteriaYes }) ?? [])].sort();
}

/** All distinct orders of these votes, by their choices. */
function orders(yes: number, no: number): boolean[][] {
  if (yes + no === 0) return [[]];
  return [
    ...(yes > 0 ? orders(yes - 1, no).map((rest) => [true, ...rest]) : []),
    ...(no > 0 ? orders(yes, no - 1).map((rest) => [false, ...rest]) : []),
  ];
}

/** Result at one member that receives these votes in this order, and then the deadline. */
function outcome(
  votes: readonly boolean[],
  rules: Pick<Count, "expectedVoters" | "livenessCriteriaYes" | "threshold">,
): string {
  let yes = 0;
  for (let cast = 0; cast <= votes.length; cast++) {
    const early = calculateConsensusResult({ ...rules, yes, no: cast - yes, atDeadline: false });
    if (early !== undefined) return early ? "yes" : "no";
    if (votes[cast]) yes += 1;
  }
  const late = calculateConsensusResult({ ...rules, yes, no: votes.length - yes, atDeadline: true });
  if (late === undefined) return "failed";
  return late ? "yes" : "no";
}

describe("possibleResults", () => {
  it("returns the results of all orders, with any votes of silent voters", () => {
    const heard = fc.record({
      yes: fc.nat({ max: 4 }),
      no: fc.nat({ max: 4 }),
      expectedVoters: fc.nat({ max: 7 }),
      livenessCriteriaYes: fc.boolean(),
      threshold: fc.constantFrom(2 / 3, 0, 0.4, 0.5, 0.8, 1),
    });
    fc.assert(
      fc.property(heard, ({ yes, no, ...rules }) => {
        const { expectedVoters, livenessCriteriaYes, threshold } = rules;
        const silent = Math.max(0, expectedVoters - yes - no);
        const found = new Set<string>();
        for (let moreYes = 0; moreYes <= silent; moreYes++) {
          for (let moreNo = 0; moreNo <= silent - moreYes; moreNo++) {
            for (const votes of orders(yes + moreYes, no + moreNo)) found.add(outcome(votes, rules));
          }
        }
        expect(possible(yes, no, expectedVoters, livenessCriteriaYes, threshold)).toEqual([...found].sort());
      }),
    );
  });

  it("returns yes and no for one yes and two nos of three, and only no for one yes and four nos of five", () => {
    expect(possible(1, 2, 3)).toEqual(["no", "yes"]);
    expect(possible(1, 4, 5)).toEqual(["no"]);
  });

  it("takes constant time for any number of voters", () => {
    expect(possible(400, 500, 1_000)).toEqual(["failed", "yes"]);
    expect(possible(1, 0, 0xffff_ffff)).toEqual(["failed", "no", "yes"]);
    expect(possible(0xc000_0000, 0x3fff_ffff, 0xffff_ffff)).toEqual(["yes"]);
  });
});
