import { describe, expect, it } from "vitest";

import { loadVectors } from "../../../vectors/load.js";
import { COMMIT_BATCH_MAX, defaultMaxRetries, defaultStewardListConfig } from "../src/index.js";

const vectors = loadVectors<{
  readonly steward_list: Readonly<Record<"sn_min" | "sn_max" | "allow_subset_candidates", unknown>>;
  readonly max_reelection_attempts: number;
  readonly commit_batch_max: number;
}>("00_constants.json");

describe("defaults", () => {
  it("of the steward list are those of de-mls 3.0.0", () => {
    const { snMin, snMax, allowSubsetCandidates } = defaultStewardListConfig;
    expect({ sn_min: snMin, sn_max: snMax, allow_subset_candidates: allowSubsetCandidates }).toEqual(
      vectors.steward_list,
    );
  });

  it("of election retries and the commit batch are those of de-mls 3.0.0", () => {
    expect(defaultMaxRetries).toBe(vectors.max_reelection_attempts);
    expect(COMMIT_BATCH_MAX).toBe(vectors.commit_batch_max);
  });
});
