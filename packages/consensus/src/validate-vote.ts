import type { Proposal, Vote } from "@demls/wire";
import { bytesEqual } from "@demls/wire/core";
import type { ConsensusErrorCode } from "./error-code.js";
import type { ConsensusContext } from "./plugin.js";
import { computeVoteHash, voteMessage } from "./vote.js";

/** The times of a proposal that its votes must lie between, in seconds. */
export type ProposalTimes = Pick<Proposal, "timestamp" | "expirationTimestamp">;

/**
 * Checks a vote by itself: its hash, its signature and its time. Whether its owner may vote, or has voted
 * already, and how it is linked to other votes, is not looked at.
 *
 * @returns The first fault in the order of the reference's `validate_vote`, or `undefined` where it has none.
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
  // Anything that a plug-in may answer beside the three verdicts is no proof.
  return verdict === "invalid" ? "invalid-vote-signature" : "signature-scheme";
}

function faultOfTime(
  vote: Vote,
  { timestamp, expirationTimestamp }: ProposalTimes,
  { nowSeconds }: ConsensusContext,
): ConsensusErrorCode | undefined {
  if (vote.timestamp < timestamp) return "timestamp-older-than-creation-time";
  // A vote is still good in the very second of expiration, unlike a proposal.
  if (vote.timestamp > expirationTimestamp || nowSeconds > expirationTimestamp) return "vote-expired";
  return undefined;
}
