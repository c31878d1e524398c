import { describe, expect, test } from "vitest";
import { createVoteNumbers } from "../../../src/chat/room/vote-numbers.js";

describe("Vote numbers", () => {
  test("count up from 1 in the order of the proposals, and are stable", () => {
    const votes = createVoteNumbers();
    expect([900, 70, 900, 8].map((id) => votes.numberOf(id))).toEqual([1, 2, 1, 3]);
    expect(votes.proposalOf(2)).toBe(70);
  });

  test("are rejected if unassigned, and evicted oldest first", () => {
    const votes = createVoteNumbers();
    for (let id = 1_001; id <= 2_025; id++) votes.numberOf(id);
    expect(() => votes.proposalOf(1)).toThrow(expect.objectContaining({ code: "unknown-vote" }));
    expect(votes.proposalOf(2)).toBe(1_002);
    expect(() => votes.proposalOf(1_026)).toThrow(expect.objectContaining({ code: "unknown-vote" }));
  });
});
