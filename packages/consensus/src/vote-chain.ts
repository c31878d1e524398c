import type { Vote } from "@demls/wire";
import { bytesEqual, bytesToHex } from "@demls/wire/core";

/** Fault in the links of a list of votes. */
export type ChainFault = "received-hash-mismatch" | "parent-hash-mismatch";

/**
 * Checks the links between bundled votes (RFC hashgraph-like consensus, sections 2.2 and 2.3).
 *
 * An empty link is valid, and so is any link of a single vote. Only a bundled list has an order shared by all members;
 * votes that arrive one by one are never checked against each other.
 *
 * @returns The first fault, or `undefined` if the chain is valid.
 */
export function chainFault(votes: readonly Vote[]): ChainFault | undefined {
  if (votes.length <= 1) return undefined;
  const indexByHash = new Map(votes.map((vote, index) => [bytesToHex(vote.voteHash), index]));
  for (const [index, vote] of votes.entries()) {
    if (!continues(vote, votes[index - 1])) return "received-hash-mismatch";
    if (vote.parentHash.length === 0) continue;
    const parentIndex = indexByHash.get(bytesToHex(vote.parentHash));
    if (parentIndex === undefined || parentIndex >= index) return "parent-hash-mismatch";
    if (!isParent(votes[parentIndex] as Vote, vote)) return "parent-hash-mismatch";
  }
  return undefined;
}

function continues(vote: Vote, previous: Vote | undefined): boolean {
  if (previous === undefined || vote.receivedHash.length === 0) return true;
  return bytesEqual(vote.receivedHash, previous.voteHash) && previous.timestamp <= vote.timestamp;
}

function isParent(parent: Vote, vote: Vote): boolean {
  return bytesEqual(parent.voteOwner, vote.voteOwner) && parent.timestamp <= vote.timestamp;
}
