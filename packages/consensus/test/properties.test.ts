import { bytesToHex } from "@demls/wire/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calculateConsensusResult, createHashgraphConsensus, type HashgraphState } from "../src/index.js";
import { consensus, inventedVote, NOW, opened, PROPOSAL_ID, request, tally, trusting } from "./fixtures.js";

const ballots = fc.array(fc.tuple(fc.nat({ max: 7 }), fc.boolean()), { maxLength: 20 });
const sizes = fc.integer({ min: 1, max: 8 });

/** State after every vote, accepted or not. */
async function states(
  start: HashgraphState,
  votes: readonly (readonly [number, boolean])[],
): Promise<readonly HashgraphState[]> {
  const seen = [start];
  let state = start;
  for (const [voter, choice] of votes) {
    state = (await consensus.ingestVote(state, inventedVote(voter, choice), trusting)).state;
    seen.push(state);
  }
  return seen;
}

describe("any order of votes, with repeated and contradicting ones", () => {
  it("counts a voter once, with the first vote", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.boolean(), ballots, async (expectedVoters, livenessCriteriaYes, votes) => {
        const all = await states(opened({ expectedVoters, livenessCriteriaYes }), votes);
        const { votes: counted, yes, no } = tally(all.at(-1) as HashgraphState);
        const owners = counted.map(({ voteOwner }) => bytesToHex(voteOwner));
        expect(new Set(owners).size).toBe(owners.length);
        expect(yes + no).toBe(owners.length);
        for (const vote of counted) {
          const first = votes.find(([voter]) => voter + 1 === vote.voteOwner[0]);
          expect(vote.vote).toBe(first?.[1]);
        }
      }),
    );
  });

  it("never changes a decision, by votes or the deadline", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.boolean(), ballots, async (expectedVoters, livenessCriteriaYes, votes) => {
        const all = await states(opened({ expectedVoters, livenessCriteriaYes }), votes);
        const results = all.map((state) => tally(state).state).filter((result) => result !== "active");
        const ended = consensus.onDeadline(all.at(-1) as HashgraphState, PROPOSAL_ID, NOW).state;
        expect(new Set([...results, tally(ended).state]).size).toBe(1);
      }),
    );
  });

  it("does not mutate the state passed in", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, ballots, async (expectedVoters, votes) => {
        const all = await states(opened({ expectedVoters }), votes);
        const copies = structuredClone(all);
        for (const state of all) {
          await consensus.ingestVote(state, inventedVote(9, true), trusting);
          consensus.onDeadline(state, PROPOSAL_ID, NOW);
          consensus.open(state, request({ proposalId: 1 }), NOW);
          consensus.forget(state, PROPOSAL_ID);
        }
        expect(all).toEqual(copies);
      }),
      { numRuns: 20 },
    );
  });

  it("lets the state be stored as plain data", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, ballots, async (expectedVoters, votes) => {
        const last = (await states(opened({ expectedVoters }), votes)).at(-1) as HashgraphState;
        const vote = inventedVote(8, true);
        const stored = await consensus.ingestVote(structuredClone(last), vote, trusting);
        expect(stored).toEqual(await consensus.ingestVote(last, vote, trusting));
      }),
      { numRuns: 20 },
    );
  });
});

describe("a count", () => {
  const counts = fc.record({
    yes: fc.nat({ max: 12 }),
    no: fc.nat({ max: 12 }),
    expectedVoters: fc.integer({ min: 3, max: 12 }),
    threshold: fc.constantFrom(0.5, 0.6, 2 / 3, 0.75, 0.9, 1),
    livenessCriteriaYes: fc.boolean(),
    atDeadline: fc.boolean(),
  });

  it("gives the opposite result with yes, no and liveness swapped", () => {
    fc.assert(
      fc.property(counts, (count) => {
        const { yes, no, livenessCriteriaYes } = count;
        const mirrored = { ...count, yes: no, no: yes, livenessCriteriaYes: !livenessCriteriaYes };
        const result = calculateConsensusResult(count);
        expect(calculateConsensusResult(mirrored)).toBe(result === undefined ? undefined : !result);
      }),
    );
  });

  it("keeps an early decision at the deadline", () => {
    fc.assert(
      fc.property(counts, (count) => {
        const early = calculateConsensusResult({ ...count, atDeadline: false });
        if (early !== undefined) expect(calculateConsensusResult({ ...count, atDeadline: true })).toBe(early);
      }),
    );
  });
});

describe("the cap on sessions", () => {
  it("keeps the latest sessions in order of arrival, with any wall clock", () => {
    const seconds = fc.array(fc.bigInt({ min: 0n, max: 4n }), { maxLength: 15 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), seconds, (maxSessions, openedAt) => {
        const capped = createHashgraphConsensus({ maxSessions });
        let state = capped.empty();
        for (const [proposalId, at] of openedAt.entries()) {
          state = capped.open(state, request({ proposalId }), NOW + at).state;
        }
        expect(capped.proposals(state).map(({ proposalId }) => proposalId)).toEqual(
          [...openedAt.keys()].slice(-maxSessions),
        );
      }),
    );
  });
});
