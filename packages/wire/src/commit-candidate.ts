import { bytesValue } from "./decodable.js";
import type { de_mls } from "./generated/messages.js";

type CommitCandidateFields = de_mls.messages.v1.CommitCandidate.$Properties;

/**
 * A steward's commit candidate for the next epoch: `de_mls.messages.v1.CommitCandidate`. It travels in the clear, so
 * only its MLS messages are authenticated.
 */
export interface CommitCandidate {
  /** MLS group id; in de-mls 3.0.0 it is the conversation's name in UTF-8. */
  readonly conversationName: Uint8Array;
  /** MLS PrivateMessages with one proposal each, in the order of the commit's references. */
  readonly mlsProposals: readonly Uint8Array[];
  /** An MLS PrivateMessage with the commit. */
  readonly commitMessage: Uint8Array;
  /** Identity bytes of the steward, as claimed. */
  readonly stewardIdentity: Uint8Array;
}

/** Encodes the fields for generated code. @internal */
export function candidateToWire(candidate: CommitCandidate): CommitCandidateFields {
  return {
    conversationName: candidate.conversationName,
    mlsProposals: [...candidate.mlsProposals],
    commitMessage: candidate.commitMessage,
    stewardIdentity: candidate.stewardIdentity,
  };
}

/** Decodes the fields from generated code. @internal */
export function candidateFromWire(message: CommitCandidateFields): CommitCandidate {
  return {
    conversationName: bytesValue(message.conversationName),
    mlsProposals: (message.mlsProposals ?? []).map(bytesValue),
    commitMessage: bytesValue(message.commitMessage),
    stewardIdentity: bytesValue(message.stewardIdentity),
  };
}
