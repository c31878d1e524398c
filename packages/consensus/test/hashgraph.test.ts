import { bytesToHex, memberIdFromBytes } from "@demls/wire/core";
import { describe, expect, it } from "vitest";
import { canonicalSignature, withSignature, type HashgraphState } from "../src/index.js";
import {
  afterVotes,
  bytes,
  checking,
  consensus,
  inventedVote,
  NOW,
  opened,
  outcome,
  PROPOSAL_ID,
  request,
  signedVote,
  tally,
  testSigner,
  trusting,
  voterId,
} from "./fixtures.js";
import { signatureTwin } from "./signature-twin.js";

const ballot = { voter: voterId(0), choice: true, voteId: 1 };

function refusal(code: string, field = "proposalId"): unknown {
  return expect.objectContaining({ code, field });
}

describe("opening a proposal", () => {
  it("remembers it as active, with no votes", () => {
    const { proposal, ...counts } = tally(opened());
    expect(counts).toEqual({ proposalId: 7, state: "active", yes: 0, no: 0, expected: 3, votes: [] });
    expect(proposal.timestamp).toBe(NOW);
  });

  it("rejects a remembered id, and accepts it once forgotten", () => {
    const state = opened();
    expect(() => consensus.open(state, request(), NOW)).toThrow(refusal("proposal-already-exist"));
    const forgotten = consensus.forget(state, PROPOSAL_ID);
    expect(tally(consensus.open(forgotten, request(), NOW).state).state).toBe("active");
  });

  it("rejects ids and electorates beyond 32 bits", () => {
    for (const value of [-1, 2 ** 32, 0.5]) {
      expect(() => opened({ proposalId: value })).toThrow(refusal("value-out-of-range"));
      expect(() => opened({ expectedVoters: value })).toThrow(
        refusal("invalid-expected-voters-count", "expectedVoters"),
      );
    }
  });

  it("caps an expiration at 64 bits", () => {
    const endless = opened({ expirationSeconds: 2n ** 64n });
    expect(tally(endless).proposal.expirationTimestamp).toBe(2n ** 64n - 1n);
  });
});

describe("casting a vote", () => {
  it("returns the unsigned vote and the bytes to sign, without counting", () => {
    const state = opened();
    const { vote, message } = consensus.castVote(state, PROPOSAL_ID, ballot, NOW);
    expect(vote).toMatchObject({ voteId: 1, proposalId: 7, timestamp: NOW, vote: true });
    expect(vote.signature).toHaveLength(0);
    expect(bytesToHex(message)).toContain(bytesToHex(vote.voteHash));
    expect(tally(state).votes).toEqual([]);
  });

  it("links the vote to the last one counted", async () => {
    const first = inventedVote(1, true);
    const state = await afterVotes(opened(), [first]);
    const { vote } = consensus.castVote(state, PROPOSAL_ID, ballot, NOW);
    expect(vote.receivedHash).toEqual(first.voteHash);
    expect(vote.parentHash).toHaveLength(0);
  });

  it("produces a proposal that another member accepts with its vote", async () => {
    const signer = testSigner(0);
    const mine = opened({ owner: signer.identity });
    const voter = signer.identity;
    const unsigned = consensus.castVote(mine, PROPOSAL_ID, { voter, choice: true, voteId: 5 }, NOW);
    const signed = withSignature(unsigned, signer.sign(unsigned.message));
    const counted = consensus.admitOwnVote(mine, signed, NOW);
    const theirs = await consensus.ingestProposal(consensus.empty(), tally(counted.state).proposal, checking);
    expect(outcome(theirs)).toBe("accepted");
    expect(tally(theirs.state)).toEqual(tally(counted.state));
  });

  it("is rejected for an unknown proposal", () => {
    expect(() => consensus.castVote(opened(), 8, ballot, NOW)).toThrow(refusal("session-not-found"));
  });

  it("is rejected from the expiration second on", () => {
    const state = opened({ expirationSeconds: 5n });
    expect(consensus.castVote(state, PROPOSAL_ID, ballot, NOW + 4n).vote.timestamp).toBe(NOW + 4n);
    expect(() => consensus.castVote(state, PROPOSAL_ID, ballot, NOW + 5n)).toThrow(
      refusal("proposal-expired"),
    );
  });

  it("is rejected for a voter that has voted, but not for one after the decision", async () => {
    const decided = await afterVotes(opened(), [inventedVote(0, true), inventedVote(1, true)]);
    expect(tally(decided).state).toBe("yes");
    expect(() => consensus.castVote(decided, PROPOSAL_ID, ballot, NOW)).toThrow(
      refusal("user-already-voted"),
    );
    const late = consensus.castVote(decided, PROPOSAL_ID, { ...ballot, voter: voterId(2) }, NOW);
    expect(late.vote.vote).toBe(true);
  });

  it("is rejected for a failed proposal before signing", () => {
    const failed = consensus.onDeadline(opened({ expectedVoters: 2 }), PROPOSAL_ID, NOW).state;
    expect(() => consensus.castVote(failed, PROPOSAL_ID, ballot, NOW)).toThrow(refusal("session-not-active"));
  });

  it("is rejected with an id beyond 32 bits, and without a signature", () => {
    const cast = (voteId: number) => consensus.castVote(opened(), PROPOSAL_ID, { ...ballot, voteId }, NOW);
    expect(() => cast(2 ** 32)).toThrow(refusal("value-out-of-range", "voteId"));
    expect(() => withSignature(cast(1), new Uint8Array())).toThrow(refusal("empty-signature", "signature"));
  });
});

describe("admitting an own vote after slow signing", () => {
  const { vote } = consensus.castVote(opened({ expirationSeconds: 5n }), PROPOSAL_ID, ballot, NOW);

  it("counts it without verification", () => {
    const admitted = consensus.admitOwnVote(opened(), vote, NOW);
    expect(outcome(admitted)).toBe("accepted");
    expect(tally(admitted.state)).toMatchObject({ yes: 1, no: 0 });
  });

  it("rejects it once the proposal has expired, was evicted, or has another vote of this member", async () => {
    const state = opened({ expirationSeconds: 5n });
    expect(outcome(consensus.admitOwnVote(state, vote, NOW + 5n))).toBe("proposal-expired");
    expect(outcome(consensus.admitOwnVote(consensus.empty(), vote, NOW))).toBe("session-not-found");
    const voted = await afterVotes(state, [inventedVote(0, false)]);
    expect(outcome(consensus.admitOwnVote(voted, vote, NOW))).toBe("duplicate-vote");
  });
});

describe("votes from the network", () => {
  it("are not counted again with another form of the signature", async () => {
    const signer = testSigner(0);
    const state = opened();
    const vote = signedVote(tally(state).proposal, signer, true);
    const twin = { ...vote, signature: signatureTwin(vote.signature) };
    expect(canonicalSignature(twin.signature)).toEqual(vote.signature);
    const counted = (await consensus.ingestVote(state, vote, checking)).state;
    const again = await consensus.ingestVote(counted, twin, checking);
    expect(outcome(again)).toBe("duplicate-vote");
    expect(again.state).toBe(counted);
  });

  it("are rejected after expiration, with the code of the reference", async () => {
    const state = opened({ expirationSeconds: 5n });
    const at = (nowSeconds: bigint) =>
      consensus.ingestVote(state, inventedVote(0, true), { ...trusting, nowSeconds });
    expect(outcome(await at(NOW + 4n))).toBe("accepted");
    expect(outcome(await at(NOW + 5n))).toBe("proposal-expired");
    expect(outcome(await at(NOW + 6n))).toBe("vote-expired");
  });

  it("wait for an asynchronous verifier", async () => {
    const later = { verify: () => Promise.resolve("invalid" as const) };
    const result = await consensus.ingestVote(opened(), inventedVote(0, true), {
      ...trusting,
      verifier: later,
    });
    expect(outcome(result)).toBe("invalid-vote-signature");
  });

  it("are rejected if a plug-in's verifier returns no verdict", async () => {
    const boolean = { verify: () => false as unknown as "invalid" };
    const result = await consensus.ingestVote(opened(), inventedVote(0, true), {
      ...trusting,
      verifier: boolean,
    });
    expect(outcome(result)).toBe("signature-scheme");
  });

  it("may exceed the expected voters one by one while undecided", async () => {
    const votes = [true, true, false, false, true].map((choice, voter) => inventedVote(voter, choice));
    const stuck = await afterVotes(opened({ expectedVoters: 5, livenessCriteriaYes: false }), votes);
    expect(tally(stuck)).toMatchObject({ state: "active", yes: 3, no: 2, expected: 5 });
    expect(tally(await afterVotes(stuck, [inventedVote(5, true)]))).toMatchObject({ state: "yes", yes: 4 });
  });

  it("fail a session that expects no voters", async () => {
    const { proposal } = consensus.open(consensus.empty(), request(), NOW);
    const nobody = { ...proposal, expectedVotersCount: 0 };
    const { state } = await consensus.ingestProposal(consensus.empty(), nobody, trusting);
    const result = await consensus.ingestVote(state, inventedVote(0, true), trusting);
    expect(outcome(result)).toBe("max-rounds-exceeded");
    expect(tally(result.state).state).toBe("failed");
  });
});

describe("proposals from the network", () => {
  it("are rejected with a vote on another proposal", async () => {
    const { proposal } = consensus.open(consensus.empty(), request(), NOW);
    const mixed = { ...proposal, votes: [inventedVote(0, true, 8)] };
    const result = await consensus.ingestProposal(consensus.empty(), mixed, trusting);
    expect(outcome(result)).toBe("vote-proposal-id-mismatch");
  });

  it("start at round 1, regardless of the round they claim", async () => {
    const { proposal } = consensus.open(consensus.empty(), request(), NOW);
    const result = await consensus.ingestProposal(consensus.empty(), { ...proposal, round: 9 }, trusting);
    expect(tally(result.state).proposal.round).toBe(1);
  });
});

describe("a deadline", () => {
  it("counts silence by liveness", () => {
    const decide = (livenessCriteriaYes: boolean) =>
      consensus.onDeadline(opened({ livenessCriteriaYes }), PROPOSAL_ID, NOW);
    expect(decide(true)).toMatchObject({ decision: { result: "yes" } });
    expect(decide(false)).toMatchObject({ decision: { result: "no" } });
  });

  it("fails a proposal without majority, repeatedly", async () => {
    const votes = [true, true, true, false, false].map((choice, voter) => inventedVote(voter, choice));
    const stuck = await afterVotes(opened({ expectedVoters: 5, livenessCriteriaYes: false }), votes);
    const first = consensus.onDeadline(stuck, PROPOSAL_ID, NOW);
    expect(first).toMatchObject({ kind: "decided", decision: { proposalId: 7, result: "failed" } });
    expect(tally(first.state).state).toBe("failed");
    expect(consensus.onDeadline(first.state, PROPOSAL_ID, NOW)).toMatchObject({
      decision: { result: "failed" },
    });
    const late = await consensus.ingestVote(first.state, inventedVote(5, true), trusting);
    expect(outcome(late)).toBe("session-not-active");
  });

  it("of an unknown proposal changes nothing", () => {
    const state = opened();
    expect(consensus.onDeadline(state, 8, NOW)).toEqual({
      kind: "rejected",
      state,
      code: "session-not-found",
    });
  });
});

describe("the remembered proposals", () => {
  function openAt(state: HashgraphState, proposalId: number, seconds: bigint): HashgraphState {
    return consensus.open(state, request({ proposalId }), seconds).state;
  }

  it("are listed in order of arrival", () => {
    const state = [5, 3, 9].reduce((grown, id) => openAt(grown, id, NOW), consensus.empty());
    expect(consensus.proposals(state).map(({ proposalId }) => proposalId)).toEqual([5, 3, 9]);
    expect(consensus.tally(state, 4)).toBeUndefined();
  });

  it("lose the oldest to the eleventh, even a decided one", async () => {
    const decided = await afterVotes(opened(), [inventedVote(0, true), inventedVote(1, true)]);
    let state = decided;
    for (let id = 100; id < 110; id++) state = openAt(state, id, NOW);
    expect(consensus.tally(state, PROPOSAL_ID)).toBeUndefined();
    expect(consensus.proposals(state)).toHaveLength(10);
    expect(outcome(await consensus.ingestVote(state, inventedVote(2, true), trusting))).toBe(
      "session-not-found",
    );
  });

  it("are unchanged by forgetting an unknown id", () => {
    const state = opened();
    expect(consensus.forget(state, 8)).toBe(state);
  });
});

describe("the electorate", () => {
  it("is all members, for any request", () => {
    const members = [0, 1, 2].map((voter) => memberIdFromBytes(voterId(voter)));
    const removal = { kind: "remove", member: memberIdFromBytes(voterId(1)) } as const;
    expect(consensus.electorate(removal, members, members.slice(0, 1))).toEqual(members);
    expect(consensus.electorate({ kind: "emergency", evidence: undefined }, members, [])).toEqual(members);
  });
});

describe("a self-leave", () => {
  it("is opened, voted on and decided at once, at its receivers too", async () => {
    const signer = testSigner(3);
    const state = opened({ expectedVoters: 1, owner: signer.identity, payload: bytes("0a00") });
    const voter = signer.identity;
    const unsigned = consensus.castVote(state, PROPOSAL_ID, { voter, choice: true, voteId: 1 }, NOW);
    const own = consensus.admitOwnVote(state, withSignature(unsigned, signer.sign(unsigned.message)), NOW);
    expect(outcome(own)).toBe("yes");
    const received = await consensus.ingestProposal(consensus.empty(), tally(own.state).proposal, checking);
    expect(outcome(received)).toBe("yes");
  });
});
