import { describe, expect, it } from "vitest";
import { consensus, NOW, request, trusting, voterId } from "./fixtures.js";
import { type HashgraphState } from "../src/index.js";

const idsOf = (state: HashgraphState): number[] =>
  consensus.proposals(state).map(({ proposalId }) => proposalId);

/** As many sessions as are remembered, with the ids 1 to 10, one opened in each second. */
function full(): HashgraphState {
  let state = consensus.empty();
  for (let id = 1; id <= consensus.maxSessions; id++) {
    state = consensus.open(state, request({ proposalId: id }), NOW + BigInt(id)).state;
  }
  return state;
}

describe("a session beyond those that are remembered", () => {
  it("displaces the oldest", () => {
    const { state } = consensus.open(full(), request({ proposalId: 77 }), NOW + 100n);
    expect(idsOf(state)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 77]);
  });

  it("stays itself, though the wall clock has stepped back behind all the others", () => {
    const { state } = consensus.open(full(), request({ proposalId: 77 }), NOW - 3_600n);
    expect(idsOf(state)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 77]);
  });

  it("stays where it comes from the network, too", async () => {
    const { proposal } = consensus.open(consensus.empty(), request({ proposalId: 77 }), NOW);
    const nowSeconds = NOW - 3_600n;
    const { kind, state } = await consensus.ingestProposal(full(), proposal, { ...trusting, nowSeconds });
    expect(kind).toBe("accepted");
    expect(idsOf(state)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 77]);
    const ballot = { voter: voterId(1), choice: true, voteId: 1 };
    expect(() => consensus.castVote(state, 77, ballot, NOW)).not.toThrow();
  });
});
