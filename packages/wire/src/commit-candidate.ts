import { bytesValue } from "./decodable.js";
import type { de_mls } from "./generated/messages.js";

type CommitCandidateFields = de_mls.messages.v1.CommitCandidate.$Properties;

/**
 * A steward's offer of the next epoch: `de_mls.messages.v1.CommitCandidate`. It travels in the clear, so
 * nothing in it is proven before its MLS messages are.
 */
export interface CommitCandidate {
  /** UTF-8 bytes. */
  readonly conversationName: Uint8Array;
  /** MLS PrivateMessages, each holding a proposal, in the order of the commit's references. */
  readonly mlsProposals: readonly Uint8Array[];
  /** An MLS PrivateMessage that holds the commit. */
  readonly commitMessage: Uint8Array;
  /** Identity bytes of the steward, as claimed. */
  readonly stewardIdentity: Uint8Array;
}

/** The fields as generated code encodes them. @internal */
export function candidateToWire(candidate: CommitCandidate): CommitCandidateFields {
  return {
    conversationName: candidate.conversationName,
    mlsProposals: [...candidate.mlsProposals],
    commitMessage: candidate.commitMessage,
    stewardIdentity: candidate.stewardIdentity,
  };
}

/** The value of fields as generated code decodes them. @internal */
export function candidateFromWire(message: CommitCandidateFields): CommitCandidate {
  return {
    conversationName: bytesValue(message.conversationName),
    mlsProposals: (message.mlsProposals ?? []).map(bytesValue),
    commitMessage: bytesValue(message.commitMessage),
    stewardIdentity: bytesValue(message.stewardIdentity),
  };
}
