import { describe, expect, it } from "vitest";

import {
  defaultStewardListConfig,
  MAX_STEWARDS,
  stewardListConfig,
  stewardListConfigProblem,
  type StewardListConfig,
} from "../src/index.js";

describe("steward list configuration", () => {
  it("has defaults for all settings left out", () => {
    expect(stewardListConfig()).toEqual(defaultStewardListConfig);
    expect(stewardListConfig({ snMax: 7 })).toEqual({ snMin: 1, snMax: 7, allowSubsetCandidates: false });
    const undecided = { snMin: undefined, snMax: 7 } as unknown as Partial<StewardListConfig>;
    expect(stewardListConfig(undecided)).toEqual(stewardListConfig({ snMax: 7 }));
  });

  it("extends a base that may lack settings", () => {
    expect(stewardListConfig({ snMin: 2 }, { snMax: 7 })).toEqual({
      snMin: 2,
      snMax: 7,
      allowSubsetCandidates: false,
    });
  });

  it.each([
    { given: { snMin: 0 }, field: "snMin" },
    { given: { snMin: -1 }, field: "snMin" },
    { given: { snMin: 1.5 }, field: "snMin" },
    { given: { snMin: Number.NaN }, field: "snMin" },
    { given: { snMin: 3 }, field: "snMax" },
    { given: { snMax: 0 }, field: "snMax" },
    { given: { snMax: MAX_STEWARDS + 1 }, field: "snMax" },
    { given: { snMax: Number.POSITIVE_INFINITY }, field: "snMax" },
    { given: { allowSubsetCandidates: "no" as never }, field: "allowSubsetCandidates" },
    { given: { min: -1 } as Partial<StewardListConfig>, field: "min" },
    { given: {}, base: { max: 3 } as Partial<StewardListConfig>, field: "max" },
  ])("with $given is rejected for $field", ({ given, base, field }) => {
    expect(() => stewardListConfig(given, base)).toThrow(
      expect.objectContaining({
        code: "invalid-steward-list-config",
        field,
        remedy: expect.any(String) as unknown,
      }) as Error,
    );
  });

  it("allows at most ten thousand stewards", () => {
    expect(MAX_STEWARDS).toBe(10_000);
    expect(stewardListConfig({ snMax: MAX_STEWARDS }).snMax).toBe(MAX_STEWARDS);
  });

  it("from the network is checked without throwing", () => {
    const { allowSubsetCandidates } = defaultStewardListConfig;
    expect(stewardListConfigProblem({ snMin: 5, snMax: 3, allowSubsetCandidates })?.field).toBe("snMax");
    expect(stewardListConfigProblem(defaultStewardListConfig)).toBeUndefined();
  });
});
