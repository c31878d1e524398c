import { encodeVote, type Proposal, type Vote } from "@demls/wire";
import { bytesToHex } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { describe, expect, it } from "vitest";
import { loadVectors } from "../../../vectors/load.js";
import {
  computeVoteHash,
  createEthereumSigner,
  ethereumVerifier,
  validateProposal,
  voteMessage,
  type HashgraphState,
} from "../src/index.js";
import {
  asCode,
  bytes,
  checking,
  consensus,
  kebab,
  NOW,
  outcome,
  proposalFromHex,
  request,
  signedVote,
  tally,
  voteFromHex,
  type RecordedResult,
} from "./fixtures.js";

interface VoteJson {
  readonly vote_id: number;
  readonly vote_owner: string;
  readonly proposal_id: number;
  readonly timestamp: string;
  readonly vote: boolean;
  readonly parent_hash: string;
  readonly received_hash: string;
  readonly vote_hash: string;
  readonly signature: string;
}

interface ProposalJson {
  readonly name: string;
  readonly payload: string;
  readonly proposal_id: number;
  readonly proposal_owner: string;
  readonly votes: readonly VoteJson[];
  readonly expected_voters_count: number;
  readonly round: number;
  readonly timestamp: string;
  readonly expiration_timestamp: string;
  readonly liveness_criteria_yes: boolean;
}

interface VotesFile {
  readonly source: string;
  readonly hash_rule: string;
  readonly sign_rule: string;
  readonly keys: readonly { readonly address: string; readonly secret_key: string }[];
  readonly votes: readonly {
    readonly name: string;
    readonly address: string;
    readonly secret_key: string;
    readonly vote: VoteJson;
    readonly hash_preimage: string;
    readonly signed_bytes: string;
    readonly encoded: string;
    readonly verify: boolean;
  }[];
  readonly signatures: readonly {
    readonly address: string;
    readonly secret_key: string;
    readonly message: string;
    readonly signature: string;
  }[];
  readonly verify: readonly {
    readonly name: string;
    readonly identity: string;
    readonly message: string;
    readonly signature: string;
    readonly result: boolean | { readonly error: string };
  }[];
  readonly proposals: readonly {
    readonly name: string;
    readonly proposal_hex: string;
    readonly proposal: ProposalJson;
    readonly validate_proposal: RecordedResult;
    readonly session_from_proposal:
      | { readonly variant: string }
      | { readonly round: number; readonly transition: string; readonly votes: number };
  }[];
  readonly single_votes: {
    readonly session: string;
    readonly cases: readonly {
      readonly name: string;
      readonly vote_hex: string;
      readonly result: RecordedResult;
    }[];
  };
  readonly after_resolution: {
    readonly expected_voters: number;
    readonly votes: readonly {
      readonly vote: number;
      readonly result: string;
      readonly events: readonly string[];
    }[];
    readonly own_cast_after_reached: string;
    readonly same_proposal_again: { readonly variant: string };
    readonly timeout_after_reached: string;
    readonly timeout_events_true: readonly string[];
  };
}

const vectors = loadVectors<VotesFile>("02_votes.json");

const SIGNED_VOTES = 5;
const SIGNATURES = 3;
const VERIFICATIONS = 21;
const PROPOSALS = 31;
const SINGLE_VOTES = 9;

function voteFromJson(json: VoteJson): Vote {
  return {
    voteId: json.vote_id,
    voteOwner: bytes(json.vote_owner),
    proposalId: json.proposal_id,
    timestamp: BigInt(json.timestamp),
    vote: json.vote,
    parentHash: bytes(json.parent_hash),
    receivedHash: bytes(json.received_hash),
    voteHash: bytes(json.vote_hash),
    signature: bytes(json.signature),
  };
}

function proposalFromJson(json: ProposalJson): Proposal {
  return {
    name: json.name,
    payload: bytes(json.payload),
    proposalId: json.proposal_id,
    proposalOwner: bytes(json.proposal_owner),
    votes: json.votes.map(voteFromJson),
    expectedVotersCount: json.expected_voters_count,
    round: json.round,
    timestamp: BigInt(json.timestamp),
    expirationTimestamp: BigInt(json.expiration_timestamp),
    livenessCriteriaYes: json.liveness_criteria_yes,
  };
}

describe("votes of the reference", () => {
  it("were recorded from de-mls 3.0.0 under the rules implemented here", () => {
    expect(vectors.source).toBe("de-mls 3.0.0");
    expect(vectors.hash_rule).toBe(
      "sha256(u32le vote_id || owner || u32le proposal_id || u64le timestamp || u8 vote || " +
        "parent_hash || received_hash)",
    );
    expect(vectors.sign_rule).toBe(
      "EIP-191 personal_sign over protobuf(Vote with empty signature, vote_hash filled); " +
        "65 bytes r||s||v with v=27/28",
    );
    expect(vectors.votes).toHaveLength(SIGNED_VOTES);
  });

  it.each(vectors.votes)("$name: hash, signed bytes, signature and encoding are equal", (recorded) => {
    const vote = voteFromJson(recorded.vote);
    const signer = createEthereumSigner(bytes(recorded.secret_key));
    expect(bytesToHex(signer.identity)).toBe(recorded.address);
    expect(bytesToHex(sha256(bytes(recorded.hash_preimage)))).toBe(recorded.vote.vote_hash);
    expect(bytesToHex(computeVoteHash(vote))).toBe(recorded.vote.vote_hash);
    expect(bytesToHex(voteMessage(vote))).toBe(recorded.signed_bytes);
    expect(bytesToHex(signer.sign(bytes(recorded.signed_bytes)))).toBe(recorded.vote.signature);
    expect(bytesToHex(encodeVote(vote))).toBe(recorded.encoded);
    const verdict = ethereumVerifier.verify(vote.voteOwner, voteMessage(vote), vote.signature);
    expect(verdict === "valid").toBe(recorded.verify);
  });
});

describe("Ethereum signatures of the reference", () => {
  it("has all recorded cases", () => {
    expect(vectors.keys).toHaveLength(4);
    expect(vectors.signatures).toHaveLength(SIGNATURES);
    expect(vectors.verify).toHaveLength(VERIFICATIONS);
  });

  it.each(vectors.keys)("the key of $address has that address", ({ address, secret_key }) => {
    expect(bytesToHex(createEthereumSigner(bytes(secret_key)).identity)).toBe(address);
  });

  it.each(vectors.signatures)("the message $message gets the same signature", (recorded) => {
    const signer = createEthereumSigner(bytes(recorded.secret_key));
    expect(bytesToHex(signer.identity)).toBe(recorded.address);
    expect(bytesToHex(signer.sign(bytes(recorded.message)))).toBe(recorded.signature);
  });

  it.each(vectors.verify)("verifying gives the same verdict: $name", (recorded) => {
    const { identity, message, signature, result } = recorded;
    const expected = typeof result === "boolean" ? (result ? "valid" : "invalid") : "malformed";
    expect(ethereumVerifier.verify(bytes(identity), bytes(message), bytes(signature))).toBe(expected);
  });
});

describe("proposals from the network", () => {
  it("has all recorded cases", () => expect(vectors.proposals).toHaveLength(PROPOSALS));

  it.each(vectors.proposals)("$name: decoded as recorded", ({ proposal, proposal_hex }) => {
    expect(proposalFromHex(proposal_hex)).toEqual(proposalFromJson(proposal));
  });

  it.each(vectors.proposals)("$name: validated as the reference does", async (recorded) => {
    const fault = await validateProposal(proposalFromHex(recorded.proposal_hex), checking);
    expect(fault ?? "ok").toBe(asCode(recorded.validate_proposal));
  });

  it.each(vectors.proposals)("$name: opens the session that the reference does", async (recorded) => {
    const proposal = proposalFromHex(recorded.proposal_hex);
    const result = await consensus.ingestProposal(consensus.empty(), proposal, checking);
    const expected = recorded.session_from_proposal;
    if ("variant" in expected) {
      expect(result).toEqual({ kind: "rejected", state: consensus.empty(), code: kebab(expected.variant) });
      return;
    }
    const { state, proposal: session } = tally(result.state, proposal.proposalId);
    const transition = state === "active" ? "StillActive" : `ConsensusReached(${state === "yes"})`;
    expect({ round: session.round, transition, votes: session.votes.length }).toEqual(expected);
  });
});

describe("single votes from the network", () => {
  const { session, cases } = vectors.single_votes;
  const owner = createEthereumSigner(bytes(vectors.keys[0]?.secret_key ?? ""));

  async function recordedSession(): Promise<HashgraphState> {
    const oneVote = vectors.proposals.find(({ name }) => name === "one vote");
    const proposal = { ...proposalFromHex(oneVote?.proposal_hex ?? ""), expectedVotersCount: 10 };
    return (await consensus.ingestProposal(consensus.empty(), proposal, checking)).state;
  }

  it("start from a session with the vote of the first key", async () => {
    expect(session).toBe("expected 10, one vote from key 0");
    expect(cases).toHaveLength(SINGLE_VOTES);
    const { expected, votes } = tally(await recordedSession());
    expect(expected).toBe(10);
    expect(votes.map((vote) => vote.voteOwner)).toEqual([owner.identity]);
  });

  it("are accepted and rejected, one after the other, as in the reference", async () => {
    let state = await recordedSession();
    for (const { name, vote_hex, result } of cases) {
      const ingested = await consensus.ingestVote(state, voteFromHex(vote_hex), checking);
      expect(ingested.kind === "accepted" ? "ok" : ingested.code, name).toBe(asCode(result));
      state = ingested.state;
    }
    expect(tally(state).votes).toHaveLength(1 + cases.filter(({ result }) => result === "ok").length);
  });
});

describe("after a proposal is decided", () => {
  const recorded = vectors.after_resolution;
  const signers = vectors.keys.map(({ secret_key }) => createEthereumSigner(bytes(secret_key)));
  const { state: fresh, proposal } = consensus.open(
    consensus.empty(),
    request({ expectedVoters: recorded.expected_voters, livenessCriteriaYes: true }),
    NOW,
  );

  async function decided(): Promise<{ state: HashgraphState; steps: unknown[] }> {
    let state = fresh;
    const steps: unknown[] = [];
    for (const [index, signer] of signers.entries()) {
      const result = await consensus.ingestVote(state, signedVote(proposal, signer, true), checking);
      if (result.kind === "rejected") throw new Error(result.code);
      const events = result.decision === undefined ? [] : [`Reached(${result.decision.result === "yes"})`];
      steps.push({ vote: index + 1, result: "ok", events });
      state = result.state;
    }
    return { state, steps };
  }

  it("late votes are accepted and return the decision again", async () => {
    const { state, steps } = await decided();
    expect(steps).toEqual(recorded.votes);
    expect(tally(state).votes).toHaveLength(2);
  });

  it("an own vote can still be cast, and returns the decision again", async () => {
    expect(recorded.own_cast_after_reached).toBe('Ok("ok")');
    const { state } = await decided();
    const late = createEthereumSigner(new Uint8Array(32).fill(9));
    const unsigned = consensus.castVote(state, 7, { voter: late.identity, choice: false, voteId: 1 }, NOW);
    const result = consensus.admitOwnVote(state, unsigned.vote, NOW);
    expect(outcome(result)).toBe("yes");
    expect(result.state).toBe(state);
  });

  it("the same proposal is rejected", async () => {
    const { state } = await decided();
    const result = await consensus.ingestProposal(state, proposal, checking);
    expect(outcome(result)).toBe(kebab(recorded.same_proposal_again.variant));
  });

  it("the deadline returns the decision again", async () => {
    expect(recorded.timeout_after_reached).toBe("Ok(true)");
    expect(recorded.timeout_events_true).toEqual(["true"]);
    const { state } = await decided();
    const decision = { proposalId: 7, result: "yes" };
    expect(consensus.onDeadline(state, 7, NOW)).toEqual({ kind: "decided", state, decision });
  });
});
