import { encodeVote, type Proposal, type Vote } from "@demls/wire";
import { bytesEqual, DemlsError } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { requireUint32 } from "./uint32.js";

/** Vote of a member, before it is prepared. */
export interface CastVote {
  /** Identity bytes of the voter. */
  readonly voter: Uint8Array;
  /** `true` for yes. */
  readonly choice: boolean;
  /** Unsigned 32-bit: {@link foldProposalId} of fresh randomness. */
  readonly voteId: number;
}

/** Vote without its signature. */
export interface UnsignedVote {
  /** The vote, complete except for its empty `signature`. */
  readonly vote: Vote;
  /** Bytes to pass to {@link ConsensusSigner.sign}. */
  readonly message: Uint8Array;
}

/**
 * Hash that identifies a vote: SHA-256 of vote id, owner, proposal id, timestamp, choice, parent hash and received
 * hash. Integers are little-endian at their wire width (4, 4, 8 bytes); the choice is one byte.
 *
 * `voteHash` and `signature` of `vote` are not hashed. Source: `compute_vote_hash` of the reference.
 */
export function computeVoteHash(vote: Vote): Uint8Array {
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, vote.voteId, true);
  const middle = new Uint8Array(13);
  const view = new DataView(middle.buffer);
  view.setUint32(0, vote.proposalId, true);
  view.setBigUint64(4, vote.timestamp, true);
  view.setUint8(12, vote.vote ? 1 : 0);
  return sha256
    .create()
    .update(head)
    .update(vote.voteOwner)
    .update(middle)
    .update(vote.parentHash)
    .update(vote.receivedHash)
    .digest();
}

/** Bytes covered by a vote's signature: its encoding with the hash set and an empty signature. */
export function voteMessage(vote: Vote): Uint8Array {
  return encodeVote({ ...vote, signature: new Uint8Array() });
}

/**
 * Prepares a vote on `proposal`, linked into its chain. The received hash is that of the proposal's last vote, the
 * parent hash that of the voter's previous vote; both are empty if there is none (RFC hashgraph-like consensus,
 * sections 2.2 and 2.3).
 *
 * {@link ConsensusPlugin.castVote} does this on a session, with its checks.
 *
 * @throws DemlsError `value-out-of-range` when `voteId` is not an unsigned 32-bit integer.
 */
export function prepareVote(proposal: Proposal, ballot: CastVote, nowSeconds: bigint): UnsignedVote {
  requireUint32(ballot.voteId, "voteId");
  const own = proposal.votes.findLast((vote) => bytesEqual(vote.voteOwner, ballot.voter));
  const draft: Vote = {
    voteId: ballot.voteId,
    voteOwner: ballot.voter,
    proposalId: proposal.proposalId,
    timestamp: nowSeconds,
    vote: ballot.choice,
    parentHash: own?.voteHash ?? new Uint8Array(),
    receivedHash: proposal.votes.at(-1)?.voteHash ?? new Uint8Array(),
    voteHash: new Uint8Array(),
    signature: new Uint8Array(),
  };
  const vote = { ...draft, voteHash: computeVoteHash(draft) };
  return { vote, message: voteMessage(vote) };
}

/**
 * The vote with its signature, ready to be counted and published.
 *
 * @throws DemlsError `empty-signature` when the signer returned no bytes, since other members would reject the vote.
 */
export function withSignature(unsigned: UnsignedVote, signature: Uint8Array): Vote {
  if (signature.length === 0) {
    throw new DemlsError("empty-signature", {
      message: "The signature of a vote is empty.",
      field: "signature",
      remedy: "Fix the consensus signer: it must return the signature's bytes, or throw.",
    });
  }
  return { ...unsigned.vote, signature };
}
