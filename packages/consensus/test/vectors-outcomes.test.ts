import { describe, expect, it } from "vitest";
import { loadVectors } from "../../../vectors/load.js";
import { calculateConsensusResult, hasSufficientVotes, requiredVotes } from "../src/index.js";

type Bit = 0 | 1;
type Row = readonly [
  expectedVoters: number,
  thresholdIndex: number,
  livenessYes: Bit,
  atDeadline: Bit,
  yes: number,
  no: number,
  result: Bit | -1,
];

interface OutcomesFile {
  readonly source: string;
  readonly function: string;
  readonly columns: readonly string[];
  readonly thresholds: readonly number[];
  readonly thresholds_note: string;
  readonly rows: readonly Row[];
  readonly rows_include_one_extra_vote: boolean;
  readonly has_sufficient_votes_two_thirds: readonly (readonly [number, number, boolean])[];
}

const vectors = loadVectors<OutcomesFile>("03_outcomes.json");

function computed([expectedVoters, thresholdIndex, livenessYes, atDeadline, yes, no]: Row): Bit | -1 {
  const result = calculateConsensusResult({
    yes,
    no,
    expectedVoters,
    threshold: vectors.thresholds[thresholdIndex] ?? Number.NaN,
    livenessCriteriaYes: livenessYes === 1,
    atDeadline: atDeadline === 1,
  });
  if (result === undefined) return -1;
  return result ? 1 : 0;
}

describe("outcomes of the reference's function", () => {
  it("have the expected layout", () => {
    expect(vectors.source).toBe("de-mls 3.0.0");
    expect(vectors.function).toBe("hashgraph-like-consensus 0.4.0 calculate_consensus_result");
    expect(vectors.columns).toEqual([
      "expected_voters",
      "threshold_index",
      "liveness_yes",
      "is_timeout",
      "yes",
      "no",
      "result (1 yes, 0 no, -1 none; at timeout -1 means Failed)",
    ]);
    expect(vectors.thresholds_note).toContain("index 3 is 2.0/3.0");
    expect(vectors.thresholds).toEqual([0, 0.5, 0.6, 2 / 3, 0.75, 0.9, 1]);
  });

  it("equal those computed here, in all 7623 rows", () => {
    expect(vectors.rows).toHaveLength(7623);
    expect(vectors.rows.filter((row) => computed(row) !== row[6])).toEqual([]);
  });

  it("include counts with one vote more than there are voters", () => {
    const beyond = vectors.rows.filter(([expectedVoters, , , , yes, no]) => yes + no > expectedVoters);
    expect(beyond.length > 0).toBe(vectors.rows_include_one_extra_vote);
  });

  it("have the same quorum at two thirds, in all 66 rows", () => {
    const rows = vectors.has_sufficient_votes_two_thirds;
    expect(rows).toHaveLength(66);
    const different = rows.filter(
      ([expectedVoters, cast, sufficient]) => hasSufficientVotes(cast, expectedVoters, 2 / 3) !== sufficient,
    );
    expect(different).toEqual([]);
  });
});

describe("requiredVotes", () => {
  it("is exact for electorates where 32-bit arithmetic would wrap", () => {
    expect(requiredVotes(3 * 2 ** 30, 2 / 3)).toBe(2 ** 31);
  });

  it("is all of up to two voters with any threshold", () => {
    expect([0, 1, 2].map((voters) => requiredVotes(voters, 0))).toEqual([0, 1, 2]);
  });
});
