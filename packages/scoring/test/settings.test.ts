import { describe, expect, it } from "vitest";

import {
  createPeerScoring,
  defaultScoreDeltas,
  defaultScoringConfig,
  scoreDeltas,
  scoringConfig,
  type ScoringConfig,
} from "../src/index.js";
import { stranger } from "./fixtures.js";

const peerScoring = createPeerScoring();

function refusal(code: string, field: string): Error {
  return expect.objectContaining({ code, field, remedy: expect.any(String) as unknown }) as Error;
}

describe("score deltas", () => {
  it("are set entry by entry", () => {
    expect(scoreDeltas({ "broken-commit": -10n })).toEqual({ ...defaultScoreDeltas, "broken-commit": -10n });
    expect(scoreDeltas()).toEqual(defaultScoreDeltas);
  });

  it("determine the change of a score", () => {
    const empty = peerScoring.create(scoringConfig(), scoreDeltas({ "broken-commit": -10n }));
    const tracked = peerScoring.addMember(empty, stranger);
    const lowered = peerScoring.applyOp(tracked, { memberId: stranger, event: "broken-commit" });
    expect(peerScoring.scoreFor(lowered, stranger)).toBe(90n);
  });

  const wrongDeltas: readonly { wrong: string; given: Record<string, bigint>; field: string }[] = [
    { wrong: "an unknown event", given: { "broken-promise": -1n }, field: "broken-promise" },
    { wrong: "a name of Object's own", given: { toString: -1n }, field: "toString" },
    { wrong: "a delta beyond 64 bits", given: { "broken-commit": 2n ** 63n }, field: "broken-commit" },
    { wrong: "a delta that is a number", given: { "broken-commit": -1 as never }, field: "broken-commit" },
  ];

  it.each(wrongDeltas)("reject $wrong, naming the entry", ({ given, field }) => {
    expect(() => scoreDeltas(given)).toThrow(refusal("invalid-score-deltas", field));
  });
});

describe("scoring configuration", () => {
  it("has the defaults for all settings that are not set", () => {
    expect(scoringConfig()).toEqual(defaultScoringConfig);
    expect(scoringConfig({ threshold: -50n })).toEqual({ defaultScore: 100n, threshold: -50n });
    const undecided = { threshold: undefined } as unknown as Partial<ScoringConfig>;
    expect(scoringConfig(undecided)).toEqual(defaultScoringConfig);
  });

  it("extends a base that may lack settings", () => {
    expect(scoringConfig({ threshold: 5n }, { defaultScore: 10n })).toEqual({
      defaultScore: 10n,
      threshold: 5n,
    });
    expect(scoringConfig({}, { threshold: 5n })).toEqual({ defaultScore: 100n, threshold: 5n });
  });

  it.each([
    { wrong: "a default score beyond 64 bits", given: { defaultScore: 2n ** 63n }, field: "defaultScore" },
    { wrong: "a threshold beyond 64 bits", given: { threshold: -(2n ** 63n) - 1n }, field: "threshold" },
    { wrong: "a threshold that is a number", given: { threshold: 0 as never }, field: "threshold" },
    { wrong: "an unknown setting", given: { treshold: 0n } as Partial<ScoringConfig>, field: "treshold" },
  ])("rejects $wrong, naming it", ({ given, field }) => {
    expect(() => scoringConfig(given)).toThrow(refusal("invalid-scoring-config", field));
  });
});
