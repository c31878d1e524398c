import { bytesValue, uint64Value } from "./decodable.js";
import type { Decoded, DecodeOptions } from "./decoded.js";
import { uint32, uint64 } from "./encodable.js";
import { consensus } from "./generated/messages.js";
import { decodeMessage, encodeMessage } from "./message-codec.js";

/** Signed vote of one member on a proposal: `consensus.v1.Vote`. */
export interface Vote {
  /** Random id; 32 bits. */
  readonly voteId: number;
  /** Identity bytes of the voter. */
  readonly voteOwner: Uint8Array;
  /** Id of the proposal; 32 bits. */
  readonly proposalId: number;
  /** Seconds since the Unix epoch. */
  readonly timestamp: bigint;
  /** Yes or no. */
  readonly vote: boolean;
  /** Hash of the voter's previous vote; empty if there is none. */
  readonly parentHash: Uint8Array;
  /** Hash of the last vote that the voter had received; empty if there is none. */
  readonly receivedHash: Uint8Array;
  /** Hash over the fields above. */
  readonly voteHash: Uint8Array;
  /** Signature over the vote encoded with this field empty. */
  readonly signature: Uint8Array;
}

/** Encodes a vote. @throws DemlsError `value-out-of-range` if an integer does not fit its field. */
export function encodeVote(vote: Vote): Uint8Array {
  return encodeMessage(consensus.v1.Vote, voteToWire(vote));
}

/** Decodes a vote. Does not check its hash or signature. */
export function decodeVote(bytes: Uint8Array, options: DecodeOptions = {}): Decoded<Vote> {
  return decodeMessage(consensus.v1.Vote, bytes, options, voteFromWire);
}

/** Encodes the fields for generated code. @internal */
export function voteToWire(vote: Vote): consensus.v1.Vote.$Properties {
  return {
    voteId: uint32(vote.voteId, "vote.voteId"),
    voteOwner: vote.voteOwner,
    proposalId: uint32(vote.proposalId, "vote.proposalId"),
    timestamp: uint64(vote.timestamp, "vote.timestamp"),
    vote: vote.vote,
    parentHash: vote.parentHash,
    receivedHash: vote.receivedHash,
    voteHash: vote.voteHash,
    signature: vote.signature,
  };
}

/** Decodes the fields from generated code. @internal */
export function voteFromWire(message: consensus.v1.Vote.$Properties): Vote {
  return {
    voteId: message.voteId ?? 0,
    voteOwner: bytesValue(message.voteOwner),
    proposalId: message.proposalId ?? 0,
    timestamp: uint64Value(message.timestamp),
    vote: message.vote ?? false,
    parentHash: bytesValue(message.parentHash),
    receivedHash: bytesValue(message.receivedHash),
    voteHash: bytesValue(message.voteHash),
    signature: bytesValue(message.signature),
  };
}
