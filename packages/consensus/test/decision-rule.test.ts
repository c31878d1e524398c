import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  calculateConsensusResult,
  createHashgraphConsensus,
  createStewardConsensus,
  majorityResult,
  type Count,
  type Decision,
  type DecisionRule,
  type HashgraphConsensus,
  type HashgraphState,
  type OpenProposal,
} from "../src/index.js";
import { inventedVote, NOW, PROPOSAL_ID, request, testSigner, trusting } from "./fixtures.js";

/** One no decides no. At the deadline, liveness decides for silent voters. */
const unanimity: DecisionRule = ({ yes, no, expectedVoters, livenessCriteriaYes, atDeadline }) => {
  if (no > 0) return false;
  if (yes >= expectedVoters) return true;
  return atDeadline ? livenessCriteriaYes : undefined;
};

const unanimous = createHashgraphConsensus({ decide: unanimity });

/** State after each of these votes, and after the deadline. */
async function story(
  consensus: HashgraphConsensus,
  choices: readonly boolean[],
  changes: Partial<OpenProposal> = {},
): Promise<readonly string[]> {
  let { state } = consensus.open(consensus.empty(), request(changes), NOW);
  const states: string[] = [];
  for (const [voter, choice] of choices.entries()) {
    state = (await consensus.ingestVote(state, inventedVote(voter, choice), trusting)).state;
    states.push(consensus.tally(state, PROPOSAL_ID)?.state as string);
  }
  return [...states, endOf(consensus, state)];
}

function endOf(consensus: HashgraphConsensus, state: HashgraphState): Decision["result"] {
  const ended = consensus.onDeadline(state, PROPOSAL_ID, NOW);
  if (ended.kind === "rejected") throw new Error("The proposal is not remembered.");
  return ended.decision.result;
}

describe("an algorithm with `decide`", () => {
  it.each([
    ["as soon as somebody objects", [true, false], ["active", "no", "no"]],
    ["once all have agreed", [true, true, true], ["active", "active", "yes", "yes"]],
    ["at the deadline by counting silence", [true, true], ["active", "active", "yes"]],
  ])("decides by it, %s", async (_when, choices, expected) => {
    expect(await story(unanimous, choices)).toEqual(expected);
  });

  it("overrides the rule that a proposal is opened with", async () => {
    for (const tally of ["two-thirds", "majority"] as const) {
      expect(await story(unanimous, [true, true, false], { rules: { tally } })).toEqual([
        "active",
        "active",
        "no",
        "no",
      ]);
    }
  });

  it("overrides the rule that a proposal is received with, for bundled votes too", async () => {
    const { proposal } = unanimous.open(unanimous.empty(), request({ expectedVoters: 9 }), NOW);
    const votes = [inventedVote(0, true), inventedVote(1, false)];
    for (const tally of ["two-thirds", "majority"] as const) {
      const context = { ...trusting, rules: { tally } };
      const result = await unanimous.ingestProposal(unanimous.empty(), { ...proposal, votes }, context);
      expect(result).toMatchObject({ kind: "accepted", decision: { result: "no" } });
    }
  });

  it("applies the rule to an own vote", () => {
    const { state } = unanimous.open(unanimous.empty(), request(), NOW);
    expect(unanimous.admitOwnVote(state, inventedVote(0, false), NOW)).toMatchObject({
      decision: { result: "no" },
    });
  });

  it("fails at the deadline if the rule does not decide", async () => {
    const mute = createHashgraphConsensus({ decide: () => undefined });
    expect(await story(mute, [true, true, true])).toEqual(["active", "active", "active", "failed"]);
  });

  it("passes the full count to the rule, after each vote and at the deadline", async () => {
    const counts: Count[] = [];
    const decide: DecisionRule = (count) => void counts.push(count);
    const consensus = createHashgraphConsensus({ decide, threshold: 0.75 });
    await story(consensus, [true, false], { expectedVoters: 4, livenessCriteriaYes: false });
    const shared = { expectedVoters: 4, threshold: 0.75, livenessCriteriaYes: false };
    expect(counts).toEqual([
      { ...shared, yes: 1, no: 0, atDeadline: false },
      { ...shared, yes: 1, no: 1, atDeadline: false },
      { ...shared, yes: 1, no: 1, atDeadline: true },
    ]);
  });

  it("equals the algorithm with a named rule when given that rule's function", async () => {
    const votes = fc.array(fc.boolean(), { maxLength: 7 });
    const given = fc.record({
      expectedVoters: fc.integer({ min: 1, max: 7 }),
      livenessCriteriaYes: fc.boolean(),
    });
    const rules = { "two-thirds": calculateConsensusResult, majority: majorityResult };
    await fc.assert(
      fc.asyncProperty(
        votes,
        given,
        fc.constantFrom("two-thirds" as const, "majority" as const),
        async (choices, limits, tally) => {
          const named = await story(createHashgraphConsensus(), choices, { ...limits, rules: { tally } });
          const own = createHashgraphConsensus({ decide: rules[tally] });
          expect(await story(own, choices, limits)).toEqual(named);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("validates votes and limits proposals as the default does", async () => {
    const { state } = unanimous.open(unanimous.empty(), request(), NOW);
    const stranger = { ...inventedVote(0, true), voteOwner: testSigner(4).identity };
    expect(await unanimous.ingestVote(state, stranger, trusting)).toMatchObject({
      code: "invalid-vote-hash",
    });
    expect(createHashgraphConsensus({ decide: unanimity, maxSessions: 3 }).maxSessions).toBe(3);
  });

  it("can be combined with voting by stewards only", async () => {
    expect(await story(createStewardConsensus({ decide: unanimity }), [false])).toEqual(["no", "no"]);
  });

  it("is rejected if `decide` is not a function", () => {
    const decide = "majority" as unknown as DecisionRule;
    expect(() => createHashgraphConsensus({ decide })).toThrow(
      expect.objectContaining({ code: "invalid-decision-rule", field: "decide" }),
    );
  });
});
