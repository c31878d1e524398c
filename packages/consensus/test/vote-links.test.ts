import type { Proposal, Vote } from "@demls/wire";
import { describe, expect, it } from "vitest";
import { computeVoteHash, prepareVote, validateProposal } from "../src/index.js";
import { consensus, inventedVote, NOW, request, trusting, voterId } from "./fixtures.js";

const { proposal } = consensus.open(consensus.empty(), request(), NOW);
const first = inventedVote(0, true);
const second = inventedVote(1, false);

function withVotes(...votes: readonly Vote[]): Proposal {
  return { ...proposal, votes };
}

function linked(vote: Vote, links: Partial<Pick<Vote, "parentHash" | "receivedHash" | "timestamp">>): Vote {
  const changed = { ...vote, ...links };
  return { ...changed, voteHash: computeVoteHash(changed) };
}

describe("a vote prepared for a proposal", () => {
  const again = { voter: voterId(0), choice: false, voteId: 2 };

  it("has no links if it is the first", () => {
    const { vote } = prepareVote(proposal, again, NOW);
    expect([vote.parentHash.length, vote.receivedHash.length]).toEqual([0, 0]);
  });

  it("is linked to the voter's previous vote and to the last vote", () => {
    const { vote } = prepareVote(withVotes(first, second), again, NOW);
    expect(vote.parentHash).toEqual(first.voteHash);
    expect(vote.receivedHash).toEqual(second.voteHash);
  });
});

describe("the parent of a bundled vote", () => {
  it.each([
    ["another voter's vote", [first, linked(second, { parentHash: first.voteHash })]],
    ["a later vote", [linked(first, { parentHash: second.voteHash }), second]],
    [
      "a later vote of its own",
      [first, linked(inventedVote(0, false), { parentHash: first.voteHash, timestamp: NOW - 1n })],
    ],
  ] as const)("may not be %s", async (_name, votes) => {
    // Created early enough for every vote's time to be valid.
    const early = { ...withVotes(...votes), timestamp: 0n };
    expect(await validateProposal(early, trusting)).toBe("parent-hash-mismatch");
  });

  it("may be its voter's earlier vote, although no proposal counts both", async () => {
    const both = withVotes(first, linked(inventedVote(0, false), { parentHash: first.voteHash }));
    expect(await validateProposal(both, trusting)).toBeUndefined();
    const result = await consensus.ingestProposal(consensus.empty(), both, trusting);
    expect(result).toMatchObject({ kind: "rejected", code: "duplicate-vote" });
  });
});
