import type { Proposal, Vote } from "@demls/wire";
import { bytesEqual } from "@demls/wire/core";
import type { ConsensusErrorCode } from "./error-code.js";
import type { ConsensusContext } from "./plugin.js";
import { computeVoteHash, voteMessage } from "./vote.js";

/** Times of a proposal that bound its votes' timestamps, in seconds. */
export type ProposalTimes = Pick<Proposal, "timestamp" | "expirationTimestamp">;

/**
 * Validates a vote by itself: its hash, its signature and its time. Does not check whether its owner may vote or has
 * already voted, nor its links to other votes.
 *
 * @returns The first fault in the order of the reference's `validate_vote`, or `undefined` if it has none.
 */
export async function validateVote(
  vote: Vote,
  proposal: ProposalTimes,
  context: ConsensusContext,
): Promise<ConsensusErrorCode | undefined> {
  return (
    faultOfFields(vote) ?? (await faultOfSignature(vote, context)) ?? faultOfTime(vote, proposal, context)
  );
}

function faultOfFields(vote: Vote): ConsensusErrorCode | undefined {
  if (vote.voteOwner.length === 0) return "empty-vote-owner";
  if (vote.voteHash.length === 0) return "empty-vote-hash";
  if (vote.signature.length === 0) return "empty-signature";
  if (!bytesEqual(vote.voteHash, computeVoteHash(vote))) return "invalid-vote-hash";
  return undefined;
}

async function faultOfSignature(
  vote: Vote,
  { verifier }: ConsensusContext,
): Promise<ConsensusErrorCode | undefined> {
  const verdict = await verifier.verify(vote.voteOwner, voteMessage(vote), vote.signature);
  if (verdict === "valid") return undefined;
  // A plug-in may return something other than the three verdicts. Treat it as a failure.
  return verdict === "invalid" ? "invalid-vote-signature" : "signature-scheme";
}

function faultOfTime(
  vote: Vote,
  { timestamp, expirationTimestamp }: ProposalTimes,
  { nowSeconds }: ConsensusContext,
): ConsensusErrorCode | undefined {
  if (vote.timestamp < timestamp) return "timestamp-older-than-creation-time";
  // Unlike a proposal, a vote is still valid in the expiration second.
  if (vote.timestamp > expirationTimestamp || nowSeconds > expirationTimestamp) return "vote-expired";
  return undefined;
}
