import { describe, expect, it } from "vitest";
import { consensus, NOW, request, trusting, voterId } from "./fixtures.js";
import { type HashgraphState } from "../src/index.js";

const idsOf = (state: HashgraphState): number[] =>
  consensus.proposals(state).map(({ proposalId }) => proposalId);

/** State with the maximum number of sessions, ids 1 to 10, one opened per second. */
function full(): HashgraphState {
  let state = consensus.empty();
  for (let id = 1; id <= consensus.maxSessions; id++) {
    state = consensus.open(state, request({ proposalId: id }), NOW + BigInt(id)).state;
  }
  return state;
}

describe("a session beyond the limit", () => {
  it("evicts the oldest", () => {
    const { state } = consensus.open(full(), request({ proposalId: 77 }), NOW + 100n);
    expect(idsOf(state)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 77]);
  });

  it("is kept, even if the wall clock stepped back before all others", () => {
    const { state } = consensus.open(full(), request({ proposalId: 77 }), NOW - 3_600n);
    expect(idsOf(state)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 77]);
  });

  it("is kept if it comes from the network, too", async () => {
    const { proposal } = consensus.open(consensus.empty(), request({ proposalId: 77 }), NOW);
    const nowSeconds = NOW - 3_600n;
    const { kind, state } = await consensus.ingestProposal(full(), proposal, { ...trusting, nowSeconds });
    expect(kind).toBe("accepted");
    expect(idsOf(state)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 77]);
    const ballot = { voter: voterId(1), choice: true, voteId: 1 };
    expect(() => consensus.castVote(state, 77, ballot, NOW)).not.toThrow();
  });
});
