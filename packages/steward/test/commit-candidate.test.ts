import { bytesToHex, type MemberId } from "@demls/wire/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { commitHash, compareCandidates, rankCandidates, type CandidateRank } from "../src/index.js";
import { recordedId } from "./fixtures.js";

// Few values each, so that every tie-breaker is reached.
const stewards: readonly MemberId[] = ["0a", "0a01", "10", "ff"].map(recordedId);
const anySteward = fc.constantFrom(...stewards);
const anyEpochSteward = fc.option(anySteward, { nil: undefined });
const anyCandidate: fc.Arbitrary<CandidateRank> = fc.record({
  proposalCount: fc.nat({ max: 3 }),
  steward: anySteward,
  commitHash: fc.nat({ max: 3 }).map((n) => commitHash(Uint8Array.of(n))),
});

function sameRank(a: CandidateRank, b: CandidateRank): boolean {
  return (
    a.proposalCount === b.proposalCount &&
    a.steward === b.steward &&
    bytesToHex(a.commitHash) === bytesToHex(b.commitHash)
  );
}

describe("the order of candidates", () => {
  it("is total and antisymmetric: only the same commit of the same steward is equal", () => {
    fc.assert(
      fc.property(anyCandidate, anyCandidate, anyEpochSteward, (a, b, epochSteward) => {
        const forth = Math.sign(compareCandidates(a, b, epochSteward));
        expect(forth === 0).toBe(sameRank(a, b));
        expect(forth + Math.sign(compareCandidates(b, a, epochSteward))).toBe(0);
      }),
    );
  });

  it("is transitive", () => {
    fc.assert(
      fc.property(anyCandidate, anyCandidate, anyCandidate, anyEpochSteward, (a, b, c, epochSteward) => {
        const before = (x: CandidateRank, y: CandidateRank) => compareCandidates(x, y, epochSteward) <= 0;
        if (before(a, b) && before(b, c)) expect(before(a, c)).toBe(true);
      }),
    );
  });

  it("puts more proposals before the epoch steward, and the epoch steward before smaller ids", () => {
    const [low, , , high] = stewards as [MemberId, MemberId, MemberId, MemberId];
    const commit = commitHash(Uint8Array.of(1));
    const ofHigh = { proposalCount: 1, steward: high, commitHash: commit };
    const ofLow = { ...ofHigh, steward: low };
    expect(compareCandidates({ ...ofLow, proposalCount: 2 }, ofHigh, high)).toBeLessThan(0);
    expect(compareCandidates(ofHigh, ofLow, high)).toBeLessThan(0);
    expect(compareCandidates(ofHigh, ofLow, undefined)).toBeGreaterThan(0);
  });
});

describe("ranking", () => {
  const candidatesTwice = fc
    .array(anyCandidate, { maxLength: 12 })
    .chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
    );

  it("does not depend on the order of arrival", () => {
    fc.assert(
      fc.property(
        candidatesTwice,
        fc.nat({ max: 3 }),
        fc.boolean(),
        anyEpochSteward,
        ([a, b], count, allowSubset, epochSteward) => {
          const rules = { approvedCount: count, allowSubset, epochSteward };
          expect(rankCandidates(b, rules)).toEqual(rankCandidates(a, rules));
        },
      ),
    );
  });

  it("admits exactly the approved count, or up to it if subsets are allowed", () => {
    fc.assert(
      fc.property(
        fc.array(anyCandidate),
        fc.nat({ max: 3 }),
        fc.boolean(),
        (candidates, count, allowSubset) => {
          const rules = { approvedCount: count, allowSubset, epochSteward: undefined };
          const admitted = candidates.filter(({ proposalCount: proposals }) =>
            allowSubset ? proposals <= count : proposals === count,
          );
          expect(new Set(rankCandidates(candidates, rules))).toEqual(new Set(admitted));
        },
      ),
    );
  });

  it("returns the caller's own objects and does not change its list", () => {
    const commit = commitHash(Uint8Array.of(1));
    const given = stewards.toReversed().map((steward) => ({ proposalCount: 1, steward, commitHash: commit }));
    const before = [...given];
    const ranked = rankCandidates(given, { approvedCount: 1, allowSubset: false, epochSteward: undefined });
    expect(given).toEqual(before);
    expect(ranked[0]).toBe(given[3]);
  });
});
