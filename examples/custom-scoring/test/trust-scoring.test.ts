import { scoreDeltas, scoringConfig, type ScoreEvent } from "@demls/scoring";
import { peerScoringContract } from "@demls/testkit";
import { parseMemberId } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { trustScoring } from "../src/trust-scoring.js";

const bob = parseMemberId("0xb0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0");

/** A member's scores after each of a series of events. */
function scoresOf(...events: readonly ScoreEvent[]): (bigint | undefined)[] {
  let state = trustScoring.addMember(trustScoring.create(scoringConfig(), scoreDeltas()), bob);
  return events.map((event) => {
    state = trustScoring.applyOp(state, { memberId: bob, event });
    return trustScoring.scoreFor(state, bob);
  });
}

describe("Scoring by trust", () => {
  for (const { name, run } of peerScoringContract(trustScoring)) test(name, run);

  test("halves the score for each misconduct, with a loss of at least ten", () => {
    expect(
      scoresOf("broken-commit", "misbehaving-commit", "broken-commit", "broken-commit", "broken-commit"),
    ).toEqual([50n, 25n, 13n, 3n, -7n]);
  });

  test("restores the score slowly, up to a newcomer's", () => {
    expect(scoresOf("successful-commit")).toEqual([100n]);
    const events: ScoreEvent[] = ["broken-commit", ...Array<ScoreEvent>(13).fill("successful-commit")];
    expect(scoresOf(...events).filter((_, i) => [0, 1, 12, 13].includes(i))).toEqual([50n, 54n, 98n, 100n]);
  });

  test("treats events with a negative delta in the settings as misconduct", () => {
    const forgiving = trustScoring.create(scoringConfig(), scoreDeltas({ "broken-commit": 0n }));
    const state = trustScoring.addMember(forgiving, bob);
    const after = trustScoring.applyOp(state, { memberId: bob, event: "broken-commit" });
    expect(trustScoring.scoreFor(after, bob)).toBe(100n);
  });
});
