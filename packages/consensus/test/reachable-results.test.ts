import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  calculateConsensusResult,
  createHashgraphConsensus,
  majorityResult,
  type DecisionRule,
  type ReceivedVotes,
} from "../src/index.js";

function possible(
  decide: DecisionRule | undefined,
  heard: ReceivedVotes,
  threshold = 2 / 3,
): readonly string[] {
  const consensus = createHashgraphConsensus(decide === undefined ? { threshold } : { decide, threshold });
  return [...(consensus.possibleResults?.(heard) ?? [])].sort();
}

function heard(yes: number, no: number, expectedVoters: number, livenessCriteriaYes = true): ReceivedVotes {
  return { yes, no, expectedVoters, livenessCriteriaYes };
}

const votesHeard = fc.record({
  yes: fc.nat({ max: 6 }),
  no: fc.nat({ max: 6 }),
  expectedVoters: fc.integer({ min: 1, max: 9 }),
  livenessCriteriaYes: fc.boolean(),
});

describe("reachableResults", () => {
  it("equals possibleResults for the reference's rule", () => {
    fc.assert(
      fc.property(votesHeard, fc.constantFrom(2 / 3, 0.4, 0.5, 0.8, 1), (votes, threshold) => {
        expect(possible(calculateConsensusResult, votes, threshold)).toEqual(
          possible(undefined, votes, threshold),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("returns one result once all have voted, if the order does not matter", () => {
    fc.assert(
      fc.property(fc.nat({ max: 6 }), fc.nat({ max: 6 }), fc.boolean(), (yes, no, liveness) => {
        fc.pre(yes + no > 0);
        expect(possible(majorityResult, heard(yes, no, yes + no, liveness))).toHaveLength(1);
      }),
    );
  });

  it("returns the results of each possible first vote, if the first vote decides", () => {
    // The rule is not called before the first vote.
    const first: DecisionRule = ({ yes, no }) => yes > no;
    expect(possible(first, heard(1, 1, 3))).toEqual(["no", "yes"]);
    expect(possible(first, heard(2, 0, 2))).toEqual(["yes"]);
    expect(possible(first, heard(0, 0, 3))).toEqual(["no", "yes"]);
  });

  it("allows any vote or none of voters silent here", () => {
    const mute: DecisionRule = ({ yes, expectedVoters }) => (yes === expectedVoters ? true : undefined);
    expect(possible(mute, heard(2, 0, 3))).toEqual(["failed", "yes"]);
    expect(possible(mute, heard(2, 1, 3))).toEqual(["failed"]);
  });

  it("considers at most as many votes as voters", () => {
    const crowded: DecisionRule = ({ yes, no, expectedVoters, atDeadline }) =>
      yes + no > expectedVoters || (atDeadline ? false : undefined);
    expect(possible(crowded, heard(2, 1, 4))).toEqual(["no"]);
    expect(possible(crowded, heard(0, 0, 4))).toEqual(["no"]);
    expect(possible(crowded, heard(3, 2, 4))).toEqual(["yes"]);
  });

  it("returns any result above the voter limit, and if rounds limit the votes", () => {
    const any = ["failed", "no", "yes"];
    expect(possible(majorityResult, heard(1, 0, 0xffff_ffff))).toEqual(any);
    expect(possible(majorityResult, heard(0xffff_ffff, 0, 3))).toEqual(any);
    const p2p = createHashgraphConsensus({ networkType: "p2p", decide: majorityResult });
    expect([...(p2p.possibleResults?.(heard(3, 0, 3)) ?? [])].sort()).toEqual(any);
  });
});
