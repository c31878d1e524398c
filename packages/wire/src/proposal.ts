import { bytesValue, uint64Value } from "./decodable.js";
import type { Decoded, DecodeOptions } from "./decoded.js";
import { text, uint32, uint64 } from "./encodable.js";
import { consensus } from "./generated/messages.js";
import { decodeMessage, encodeMessage } from "./message-codec.js";
import { type Vote, voteFromWire, voteToWire } from "./vote.js";

/** Consensus proposal with the votes on it so far: `consensus.v1.Proposal`. */
export interface Proposal {
  /** Display name. */
  readonly name: string;
  /** The question: in de-MLS an encoded `ConversationUpdateRequest`. */
  readonly payload: Uint8Array;
  /** Id of the proposal within its conversation; 32 bits. */
  readonly proposalId: number;
  /** Identity bytes of the proposer. */
  readonly proposalOwner: Uint8Array;
  /** Votes in the order in which the sender received them. */
  readonly votes: readonly Vote[];
  /** Number of voters; 32 bits. */
  readonly expectedVotersCount: number;
  /** In gossip networks 1 for the proposal alone, 2 once votes are counted; 32 bits. */
  readonly round: number;
  /** Seconds since the Unix epoch. */
  readonly timestamp: bigint;
  /** Seconds since the Unix epoch. */
  readonly expirationTimestamp: bigint;
  /** Whether silence counts as yes. */
  readonly livenessCriteriaYes: boolean;
}

/**
 * Encodes a proposal.
 *
 * @throws DemlsError `value-out-of-range` if an integer does not fit its field, `invalid-text` if the name has a
 * lone surrogate.
 */
export function encodeProposal(proposal: Proposal): Uint8Array {
  return encodeMessage(consensus.v1.Proposal, proposalToWire(proposal));
}

/** Decodes a proposal. Does not check whether it or its votes are valid. */
export function decodeProposal(bytes: Uint8Array, options: DecodeOptions = {}): Decoded<Proposal> {
  return decodeMessage(consensus.v1.Proposal, bytes, options, proposalFromWire);
}

/** Encodes the fields for generated code. @internal */
export function proposalToWire(proposal: Proposal): consensus.v1.Proposal.$Properties {
  return {
    name: text(proposal.name, "proposal.name"),
    payload: proposal.payload,
    proposalId: uint32(proposal.proposalId, "proposal.proposalId"),
    proposalOwner: proposal.proposalOwner,
    votes: proposal.votes.map(voteToWire),
    expectedVotersCount: uint32(proposal.expectedVotersCount, "proposal.expectedVotersCount"),
    round: uint32(proposal.round, "proposal.round"),
    timestamp: uint64(proposal.timestamp, "proposal.timestamp"),
    expirationTimestamp: uint64(proposal.expirationTimestamp, "proposal.expirationTimestamp"),
    livenessCriteriaYes: proposal.livenessCriteriaYes,
  };
}

/** Decodes the fields from generated code. @internal */
export function proposalFromWire(message: consensus.v1.Proposal.$Properties): Proposal {
  return {
    name: message.name ?? "",
    payload: bytesValue(message.payload),
    proposalId: message.proposalId ?? 0,
    proposalOwner: bytesValue(message.proposalOwner),
    votes: (message.votes ?? []).map(voteFromWire),
    expectedVotersCount: message.expectedVotersCount ?? 0,
    round: message.round ?? 0,
    timestamp: uint64Value(message.timestamp),
    expirationTimestamp: uint64Value(message.expirationTimestamp),
    livenessCriteriaYes: message.livenessCriteriaYes ?? false,
  };
}
