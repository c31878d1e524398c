import type { ConversationSnapshot } from "demls";
import { expect, test } from "vitest";
import { findVote, voteNumber } from "../../../src/chat/room/vote-numbers.js";

type Votes = Pick<ConversationSnapshot, "openVotes" | "proposals">;

function votesOf(open: readonly number[], decided: readonly number[] = []): Votes {
  const proposals = [...decided, ...open].map((proposalId) => ({ proposalId }));
  const openVotes = open.map((proposalId) => ({ proposalId }));
  return { openVotes, proposals } as unknown as Votes;
}

test("A vote's number has four digits, and follows from the proposal's id alone", () => {
  expect([0, 8_999, 9_000, 4_294_967_295].map(voteNumber)).toEqual([1_000, 9_999, 1_000, 6_295]);
});

test("A typed number finds an open vote before a decided one, and the last one of several decided", () => {
  expect(findVote(1_007, votesOf([7], [9_007, 18_007]))).toBe(7);
  expect(findVote(1_007, votesOf([8], [9_007, 18_007]))).toBe(18_007);
});

test("A whole id finds its vote although another open vote has the same number", () => {
  const votes = votesOf([7, 9_007]);
  expect(() => findVote(1_007, votes)).toThrow(
    expect.objectContaining({
      code: "ambiguous-vote",
      remedy: expect.stringContaining("7 or 9007") as string,
    }),
  );
  expect(findVote(9_007, votes)).toBe(9_007);
});

test("A number without a vote is rejected", () => {
  expect(() => findVote(1_008, votesOf([7]))).toThrow(expect.objectContaining({ code: "unknown-vote" }));
});
