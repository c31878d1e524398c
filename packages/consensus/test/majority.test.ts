import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { majorityResult, type Count, type HashgraphState } from "../src/index.js";
import { consensus, inventedVote, NOW, opened, PROPOSAL_ID, request, tally, trusting } from "./fixtures.js";

type Ballot = readonly [voter: number, choice: boolean];

/** Number of voters, and the votes of some of them, each once, in this order. */
const election = fc.integer({ min: 1, max: 9 }).chain((expectedVoters) =>
  fc.record({
    expectedVoters: fc.constant(expectedVoters),
    livenessCriteriaYes: fc.boolean(),
    ballots: fc
      .shuffledSubarray([...Array(expectedVoters).keys()])
      .chain((voters) => fc.tuple(...voters.map((voter) => fc.tuple(fc.constant(voter), fc.boolean())))),
  }),
);

/** Model of the result at the deadline, independent of the order of votes. */
function model(expectedVoters: number, livenessCriteriaYes: boolean, ballots: readonly Ballot[]): string {
  const votes = ballots.map(([, choice]) => choice);
  const silent = expectedVoters - votes.length;
  if (expectedVoters <= 2) {
    if (votes.includes(false)) return "no";
    return silent === 0 ? "yes" : "failed";
  }
  const all = [...votes, ...Array<boolean>(silent).fill(livenessCriteriaYes)];
  const margin = all.filter(Boolean).length - all.filter((choice) => !choice).length;
  if (margin === 0) return livenessCriteriaYes ? "yes" : "no";
  return margin > 0 ? "yes" : "no";
}

function openedByMajority(expectedVoters: number, livenessCriteriaYes: boolean): HashgraphState {
  return opened({ expectedVoters, livenessCriteriaYes, rules: { tally: "majority" } });
}

/** The result after each vote. */
async function results(start: HashgraphState, ballots: readonly Ballot[]): Promise<readonly string[]> {
  const seen: string[] = [];
  let state = start;
  for (const [voter, choice] of ballots) {
    state = (await consensus.ingestVote(state, inventedVote(voter, choice), trusting)).state;
    seen.push(tally(state).state);
  }
  const ended = consensus.onDeadline(state, PROPOSAL_ID, NOW);
  if (ended.kind === "decided") seen.push(ended.decision.result);
  return seen;
}

describe("the majority rule", () => {
  it("equals the model for any voters, order and number of silent ones", async () => {
    await fc.assert(
      fc.asyncProperty(election, async ({ expectedVoters, livenessCriteriaYes, ballots }) => {
        const seen = await results(openedByMajority(expectedVoters, livenessCriteriaYes), ballots);
        expect(seen.at(-1)).toBe(model(expectedVoters, livenessCriteriaYes, ballots));
      }),
    );
  });

  it("gives the same result for any two orders of the same votes", async () => {
    const twoOrders = election.chain((one) =>
      fc
        .shuffledSubarray([...one.ballots], { minLength: one.ballots.length })
        .map((reordered) => ({ ...one, reordered })),
    );
    await fc.assert(
      fc.asyncProperty(twoOrders, async ({ expectedVoters, livenessCriteriaYes, ballots, reordered }) => {
        const start = openedByMajority(expectedVoters, livenessCriteriaYes);
        expect((await results(start, ballots)).at(-1)).toBe((await results(start, reordered)).at(-1));
      }),
    );
  });

  it("with silence as no, decides yes exactly if more than half of the voters voted yes", async () => {
    await fc.assert(
      fc.asyncProperty(election, async ({ expectedVoters, ballots }) => {
        const seen = await results(openedByMajority(expectedVoters, false), ballots);
        const yes = ballots.filter(([, choice]) => choice).length;
        expect(seen.at(-1) === "yes").toBe(2 * yes > expectedVoters);
      }),
    );
  });

  it("decides early only if no further votes or deadline could change the result", () => {
    const counts = fc.integer({ min: 1, max: 9 }).chain((expectedVoters) =>
      fc.nat({ max: expectedVoters }).chain((cast) =>
        fc.record({
          expectedVoters: fc.constant(expectedVoters),
          yes: fc.nat({ max: cast }),
          cast: fc.constant(cast),
          livenessCriteriaYes: fc.boolean(),
        }),
      ),
    );
    fc.assert(
      fc.property(counts, ({ expectedVoters, yes, cast, livenessCriteriaYes }) => {
        const count = { expectedVoters, yes, no: cast - yes, livenessCriteriaYes, threshold: 2 / 3 };
        const early = majorityResult({ ...count, atDeadline: false });
        const later = laterResults(count);
        if (early !== undefined) expect(later).toEqual(new Set([early]));
        // It is decided as early as possible. With up to two voters, a missing vote keeps it open.
        else expect(later.size).toBeGreaterThan(1);
      }),
    );
  });

  /** Possible results at the deadline, for any further votes. */
  function laterResults(count: Omit<Count, "atDeadline">): Set<boolean | undefined> {
    const silent = count.expectedVoters - count.yes - count.no;
    const found = new Set<boolean | undefined>();
    for (let yes = 0; yes <= silent; yes++) {
      for (let no = 0; no <= silent - yes; no++) {
        found.add(majorityResult({ ...count, yes: count.yes + yes, no: count.no + no, atDeadline: true }));
      }
    }
    return found;
  }
});

describe("the majority rule in a session", () => {
  it("decides three yes votes of five, which the reference leaves undecided (W4)", async () => {
    const ballots: readonly Ballot[] = [
      [0, false],
      [1, false],
      [2, true],
      [3, true],
      [4, true],
    ];
    expect(await results(openedByMajority(5, true), ballots)).toEqual([
      "active",
      "active",
      "active",
      "active",
      "yes",
      "yes",
    ]);
    expect((await results(opened({ expectedVoters: 5 }), ballots)).at(-1)).toBe("failed");
  });

  it("waits with a yes and a no of three for the third vote or the deadline (W2)", async () => {
    const ballots: readonly Ballot[] = [
      [0, true],
      [1, false],
    ];
    expect(await results(openedByMajority(3, true), ballots)).toEqual(["active", "active", "yes"]);
    expect(await results(openedByMajority(3, false), ballots)).toEqual(["active", "active", "no"]);
    expect(await results(opened({ expectedVoters: 3 }), ballots)).toEqual(["active", "yes", "yes"]);
  });

  it("counts a proposal from the network by the rule of its context", async () => {
    const { proposal } = consensus.open(consensus.empty(), request({ expectedVoters: 3 }), NOW);
    const context = { ...trusting, rules: { tally: "majority" } } as const;
    const { state } = await consensus.ingestProposal(consensus.empty(), proposal, context);
    expect(
      await results(state, [
        [0, true],
        [1, false],
      ]),
    ).toEqual(["active", "active", "yes"]);
  });
});
