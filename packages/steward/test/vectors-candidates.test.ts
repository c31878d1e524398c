import { bytesToHex } from "@demls/wire/core";
import { describe, expect, it } from "vitest";

import { loadVectors } from "../../../vectors/load.js";
import { commitHash, rankCandidates, type CandidateRank } from "../src/index.js";
import { recordedBytes, recordedId } from "./fixtures.js";

interface RecordedSelection {
  readonly name: string;
  readonly allow_subset: boolean;
  readonly voted_count: number;
  readonly epoch_steward: string;
  /** The one commit that can be staged; without it every commit fails. */
  readonly accept: string | null;
  readonly staged_in_order: readonly string[];
  readonly candidates: readonly {
    readonly commit: string;
    readonly commit_hash: string;
    readonly local: boolean;
    readonly proposals: number;
    readonly steward: string;
  }[];
}

interface Candidate extends CandidateRank {
  readonly commit: string;
  readonly local: boolean;
}

const vectors = loadVectors<{
  readonly cases: readonly RecordedSelection[];
  readonly commit_hashes: readonly { readonly commit: string; readonly hash: string }[];
  readonly commit_hash_rule: string;
  readonly priority_rule: string;
  readonly source: string;
}>("06_candidates.json");

function ranked({
  candidates,
  voted_count,
  allow_subset,
  epoch_steward,
}: RecordedSelection): readonly Candidate[] {
  return rankCandidates(
    candidates.map(({ commit, local, proposals, steward }) => ({
      commit,
      local,
      proposalCount: proposals,
      steward: recordedId(steward),
      commitHash: commitHash(recordedBytes(commit)),
    })),
    { approvedCount: voted_count, allowSubset: allow_subset, epochSteward: recordedId(epoch_steward) },
  );
}

/** The commits that a member stages in the order of the ranking: not its own, and none after the winner. */
function stagedDown(order: readonly Candidate[], accept: string | null): readonly string[] {
  if (order[0]?.local === true) return [];
  const foreign = order.filter(({ local }) => !local).map(({ commit }) => commit);
  const winner = accept === null ? -1 : foreign.indexOf(accept);
  return winner === -1 ? foreign : foreign.slice(0, winner + 1);
}

describe("recorded candidate selections", () => {
  it("are 14 by the rules implemented here, 4 of them about the ranking alone", () => {
    expect(vectors.cases).toHaveLength(14);
    expect(vectors.cases.filter(({ name }) => name.startsWith("rank:"))).toHaveLength(4);
    expect(vectors.source).toBe("de-mls 3.0.0");
    expect(vectors.commit_hash_rule).toBe("sha256(commit_message)");
    expect(vectors.priority_rule).toBe(
      "more proposals, then epoch steward (live, by claimed steward_identity), then smaller steward_identity " +
        "bytes, then smaller commit hash; filter first: proposals == voted count (<= with allow_subset)",
    );
  });

  it.each(vectors.cases)("stage in the order of the ranking: $name", (recorded) => {
    expect(stagedDown(ranked(recorded), recorded.accept)).toEqual(recorded.staged_in_order);
  });

  it.each(vectors.cases)("hash commits as recorded: $name", ({ candidates }) => {
    expect(candidates.map(({ commit }) => bytesToHex(commitHash(recordedBytes(commit))))).toEqual(
      candidates.map(({ commit_hash }) => commit_hash),
    );
  });
});

describe("recorded commit hashes", () => {
  it("are 3", () => expect(vectors.commit_hashes).toHaveLength(3));

  it.each(vectors.commit_hashes)("are SHA-256 of the commit: $hash", ({ commit, hash }) => {
    expect(bytesToHex(commitHash(recordedBytes(commit)))).toBe(hash);
  });
});
