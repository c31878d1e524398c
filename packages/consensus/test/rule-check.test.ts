import { describe, expect, it } from "vitest";
import {
  createHashgraphConsensus,
  createStewardConsensus,
  majorityResult,
  type HashgraphOptions,
  type TallyRule,
} from "../src/index.js";

/** Field of the option that this rule does not support; `undefined` if it supports all. */
function refusal(tally: TallyRule, options: Partial<HashgraphOptions>, create = createHashgraphConsensus) {
  try {
    create(options).checkRules?.({ tally });
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ code: "unsupported-consensus" });
    return (error as { readonly field: string }).field;
  }
}

const decide = majorityResult;

describe("A conversation", () => {
  it.each<[TallyRule, Partial<HashgraphOptions>]>([
    ["two-thirds", {}],
    ["two-thirds", { maxSessions: 20, threshold: 2 / 3, livenessCriteriaYes: true }],
    ["majority", {}],
    ["majority", { maxSessions: 20, threshold: 2 / 3 }],
    ["majority", { decide }],
    ["majority", { decide, threshold: 0.9 }],
    ["majority", { networkType: "p2p" }],
  ])("with the rule %s supports %o", (rule, options) => {
    expect(refusal(rule, options)).toBeUndefined();
  });

  it.each<[TallyRule, Partial<HashgraphOptions>, string]>([
    ["majority", { threshold: 1 }, "threshold"],
    ["majority", { timeoutMs: 1_000 }, "timeoutMs"],
    ["majority", { livenessCriteriaYes: false }, "livenessCriteriaYes"],
    ["two-thirds", { decide }, "decide"],
    ["two-thirds", { threshold: 1 }, "threshold"],
    ["two-thirds", { networkType: "p2p" }, "networkType"],
    ["two-thirds", { maxRounds: 3 }, "maxRounds"],
    ["two-thirds", { timeoutMs: 1_000 }, "timeoutMs"],
    ["two-thirds", { livenessCriteriaYes: false }, "livenessCriteriaYes"],
  ])("with the rule %s rejects %o, field %s", (rule, options, field) => {
    expect(refusal(rule, options)).toBe(field);
  });

  it("with voting by stewards only is not open to members of de-mls 3.0.0", () => {
    expect(refusal("two-thirds", {}, createStewardConsensus)).toBe("electorate");
    expect(refusal("majority", {}, createStewardConsensus)).toBeUndefined();
    expect(refusal("majority", { threshold: 1 }, createStewardConsensus)).toBe("threshold");
  });
});
