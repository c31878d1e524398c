import type { Proposal } from "@demls/wire";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  calculateConsensusResult,
  createHashgraphConsensus,
  prepareVote,
  requiredVotes,
  withSignature,
  type HashgraphConsensus,
  type HashgraphState,
  type OpenProposal,
} from "../src/index.js";
import { inventedVote, NOW, outcome, PROPOSAL_ID, request, testSigner, trusting } from "./fixtures.js";

const p2p = createHashgraphConsensus({ networkType: "p2p" });

function openedBy(consensus: HashgraphConsensus, changes: Partial<OpenProposal>): HashgraphState {
  return consensus.open(consensus.empty(), request(changes), NOW).state;
}

/** Result of each vote, and the state of the session after it. */
async function counted(state: HashgraphState, choices: readonly boolean[], consensus = p2p) {
  const outcomes: unknown[] = [];
  const rounds: number[] = [];
  for (const [voter, choice] of choices.entries()) {
    const result = await consensus.ingestVote(state, inventedVote(voter, choice), trusting);
    state = result.state;
    outcomes.push(outcome(result));
    rounds.push(consensus.tally(state, PROPOSAL_ID)?.proposal.round as number);
  }
  return { state, outcomes, rounds };
}

describe("rounds of p2p networks", () => {
  it("start at one and grow by one with every vote", async () => {
    const state = openedBy(p2p, { expectedVoters: 9 });
    expect(p2p.tally(state, PROPOSAL_ID)?.proposal.round).toBe(1);
    expect((await counted(state, Array(6).fill(true))).rounds).toEqual([2, 3, 4, 5, 6, 7]);
  });

  // Limits from the reference's own tests, by electorate.
  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 4],
    [6, 4],
    [7, 5],
    [8, 6],
    [9, 6],
    [10, 7],
  ])("allow, for %d voters, %d votes by default", async (expectedVoters, votes) => {
    const state = openedBy(p2p, { expectedVoters });
    const { state: after } = await counted(state, Array(votes).fill(true));
    expect(p2p.tally(after, PROPOSAL_ID)).toMatchObject({ yes: votes, state: "yes" });
  });

  it("fail the session at the vote beyond the limit, without counting it", async () => {
    const state = openedBy(p2p, { expectedVoters: 5, livenessCriteriaYes: false });
    const { state: after, outcomes } = await counted(state, [true, false, true, true, true, true]);
    const accepted = Array<string>(4).fill("accepted");
    expect(outcomes).toEqual([...accepted, "max-rounds-exceeded", "session-not-active"]);
    expect(p2p.tally(after, PROPOSAL_ID)).toMatchObject({ state: "failed", yes: 3, no: 1 });
  });

  it("are limited as configured, if not 0", async () => {
    const two = createHashgraphConsensus({ networkType: "p2p", maxRounds: 2 });
    const state = openedBy(two, { expectedVoters: 9 });
    const { outcomes } = await counted(state, Array(3).fill(true), two);
    expect(outcomes).toEqual(["accepted", "accepted", "max-rounds-exceeded"]);
  });

  it("keep the limit that the session was opened with", async () => {
    const state = openedBy(p2p, { expectedVoters: 9 });
    const gossip = createHashgraphConsensus();
    expect((await counted(state, [true, true], gossip)).rounds).toEqual([2, 3]);
  });

  it("limit bundled votes as they limit single ones", async () => {
    const bundled = (votes: number): Proposal => {
      let proposal = p2p.open(p2p.empty(), request({ expectedVoters: 9 }), NOW).proposal;
      for (let i = 0; i < votes; i++) {
        const signer = testSigner(i);
        const unsigned = prepareVote(proposal, { voter: signer.identity, choice: true, voteId: i }, NOW);
        const vote = withSignature(unsigned, signer.sign(unsigned.message));
        proposal = { ...proposal, votes: [...proposal.votes, vote] };
      }
      return proposal;
    };
    const taken = await p2p.ingestProposal(p2p.empty(), bundled(6), trusting);
    expect(outcome(taken)).toBe("yes");
    expect(p2p.tally(taken.state, PROPOSAL_ID)?.proposal.round).toBe(7);
    const refused = await p2p.ingestProposal(p2p.empty(), bundled(7), trusting);
    expect(outcome(refused)).toBe("max-rounds-exceeded");
    expect(p2p.tally(refused.state, PROPOSAL_ID)).toBeUndefined();
  });

  it("let the deadline count a failed session's votes again", async () => {
    const one = createHashgraphConsensus({ networkType: "p2p", maxRounds: 1 });
    const state = openedBy(one, { expectedVoters: 5 });
    const { state: failed } = await counted(state, [true, true], one);
    expect(one.tally(failed, PROPOSAL_ID)?.state).toBe("failed");
    expect(one.onDeadline(failed, PROPOSAL_ID, NOW)).toMatchObject({ decision: { result: "yes" } });
  });

  it("leave any result possible at other members, which may have counted other votes", () => {
    const heard = { yes: 9, no: 0, expectedVoters: 9, livenessCriteriaYes: true };
    expect([...(p2p.possibleResults?.(heard) ?? [])].sort()).toEqual(["failed", "no", "yes"]);
  });
});

interface Votes {
  readonly expectedVoters: number;
  readonly threshold: number;
  readonly livenessCriteriaYes: boolean;
  readonly maxRounds: number;
  readonly choices: readonly boolean[];
}

describe("votes in any order", () => {
  const electorate: fc.Arbitrary<Votes> = fc.record({
    expectedVoters: fc.integer({ min: 1, max: 12 }),
    threshold: fc.constantFrom(0.5, 2 / 3, 0.75, 0.9, 1),
    livenessCriteriaYes: fc.boolean(),
    maxRounds: fc.integer({ min: 0, max: 12 }),
    choices: fc.array(fc.boolean(), { maxLength: 14 }),
  });

  /** Model of the rule: count up to the limit, stop at the first result, fail at the first vote above the limit. */
  function expected(of: Votes): { state: string; votes: number } {
    const { expectedVoters, threshold, maxRounds, choices, livenessCriteriaYes } = of;
    // With up to two voters, the share differs from the quorum.
    const share =
      expectedVoters > 2 ? requiredVotes(expectedVoters, threshold) : Math.ceil(expectedVoters * threshold);
    const limit = maxRounds === 0 ? share : maxRounds;
    for (let votes = 1; votes <= choices.length; votes++) {
      if (votes > limit) return { state: "failed", votes: votes - 1 };
      const yes = choices.slice(0, votes).filter(Boolean).length;
      const count = {
        yes,
        no: votes - yes,
        expectedVoters,
        threshold,
        livenessCriteriaYes,
        atDeadline: false,
      };
      const result = calculateConsensusResult(count);
      if (result !== undefined) return { state: result ? "yes" : "no", votes };
    }
    return { state: "active", votes: choices.length };
  }

  it("are counted up to the last round, one round each", async () => {
    await fc.assert(
      fc.asyncProperty(electorate, async (of) => {
        const { expectedVoters, threshold, maxRounds, livenessCriteriaYes, choices } = of;
        const consensus = createHashgraphConsensus({ networkType: "p2p", threshold, maxRounds });
        const state = openedBy(consensus, { expectedVoters, livenessCriteriaYes });
        const { state: after } = await counted(state, choices, consensus);
        const tally = consensus.tally(after, PROPOSAL_ID);
        expect({ state: tally?.state, votes: tally?.votes.length }).toEqual(expected(of));
        expect(tally?.proposal.round).toBe(1 + expected(of).votes);
      }),
    );
  });

  it("give the same result for equal choices, in any order", async () => {
    const voters = fc.integer({ min: 1, max: 9 }).chain((expectedVoters) =>
      fc.record({
        expectedVoters: fc.constant(expectedVoters),
        choice: fc.boolean(),
        order: fc.shuffledSubarray([...Array(expectedVoters).keys()], { minLength: expectedVoters }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(voters, async ({ expectedVoters, choice, order }) => {
        let state = openedBy(p2p, { expectedVoters });
        for (const voter of order) {
          state = (await p2p.ingestVote(state, inventedVote(voter, choice), trusting)).state;
        }
        expect(p2p.tally(state, PROPOSAL_ID)?.state).toBe(choice ? "yes" : "no");
      }),
    );
  });
});
