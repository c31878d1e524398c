import { describe, expect, it } from "vitest";
import { loadVectors } from "../../../vectors/load.js";
import { consensus, inventedVote, kebab, NOW, opened, PROPOSAL_ID, tally, trusting } from "./fixtures.js";

type Bit = 0 | 1;
type Row = readonly [
  expectedVoters: number,
  livenessYes: Bit,
  yes: number,
  no: number,
  yesFirst: Bit,
  decided: readonly [afterVotes: number, result: boolean] | null,
  atTimeout: boolean | string,
  final: string,
];

interface ServiceFile {
  readonly source: string;
  readonly note: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

const vectors = loadVectors<ServiceFile>("03_outcomes_service.json");

/** Feeds a row's votes one by one, then the deadline, and reports what the row records. */
async function replay([expectedVoters, livenessYes, yes, no, yesFirst]: Row): Promise<readonly unknown[]> {
  const ayes = Array.from({ length: yes }, () => true);
  const noes = Array.from({ length: no }, () => false);
  const choices = yesFirst === 1 ? [...ayes, ...noes] : [...noes, ...ayes];
  let state = opened({ expectedVoters, livenessCriteriaYes: livenessYes === 1 });
  let decided: readonly [number, boolean] | null = null;
  for (const [index, choice] of choices.entries()) {
    const result = await consensus.ingestVote(state, inventedVote(index, choice), trusting);
    if (result.kind === "rejected") throw new Error(result.code);
    if (result.decision !== undefined) decided ??= [index + 1, result.decision.result === "yes"];
    state = result.state;
  }
  const ended = consensus.onDeadline(state, PROPOSAL_ID, NOW);
  if (ended.kind === "rejected") throw new Error(ended.code);
  const { result } = ended.decision;
  const atTimeout = result === "failed" ? "insufficient-votes-at-timeout" : result === "yes";
  return [decided, atTimeout, tally(ended.state).state];
}

describe("outcomes through the reference's service", () => {
  it("have the expected layout", () => {
    expect(vectors.source).toBe("de-mls 3.0.0");
    expect(vectors.note).toContain("votes fed one by one");
    expect(vectors.columns).toEqual([
      "expected_voters",
      "liveness_yes",
      "yes",
      "no",
      "yes_votes_first",
      "decided [after k votes, result] or null",
      "timeout result or error",
      "final state",
    ]);
  });

  it("equal those of sessions here, vote by vote and at the deadline, in all 855 rows", async () => {
    expect(vectors.rows).toHaveLength(855);
    for (const row of vectors.rows) {
      const [, , , , , decided, atTimeout, final] = row;
      const expected = [decided, typeof atTimeout === "string" ? kebab(atTimeout) : atTimeout, final];
      expect(await replay(row), JSON.stringify(row)).toEqual(expected);
    }
  });
});
