import type { ScoreEvent } from "@demls/scoring";
import type { MemberId } from "@demls/wire/core";
import type { ErrorEventCode } from "./error-code.js";
import type { ChangeRequest } from "./request.js";
import type { DecisionResult, EndReason, Phase } from "./phase.js";

/** Committed membership change, with the id of its proposal. */
export interface CommittedChange {
  readonly proposalId: number;
  readonly request: ChangeRequest;
}

/**
 * Event of a conversation.
 *
 * The events of one step (a packet, a command, a timer) are emitted together, after the state is updated. The order at
 * a commit is: `phaseChanged` (selection), `commitCandidateChosen`, `scoreChanged` for each scored member,
 * `commitApplied`, `membersChanged`, `stewardsChanged` if a list was installed, `phaseChanged` (working), then events
 * of packets buffered for the new epoch.
 */
export type ConversationEvent =
  /** This member joined and can read and write. Precedes `membersChanged`. */
  | { readonly kind: "joined"; readonly epoch: bigint; readonly members: readonly MemberId[] }
  /** This member left, was removed, or stopped joining. The last event. */
  | { readonly kind: "leaving"; readonly reason: EndReason }
  /** Chat message, with the sender authenticated by MLS. `epoch` is the epoch of its encryption. */
  | {
      readonly kind: "message";
      readonly sender: MemberId;
      readonly content: Uint8Array;
      /** The content as text; undefined unless it is valid UTF-8. */
      readonly text: string | undefined;
      readonly epoch: bigint;
    }
  /** A vote is open. Without this member's vote, the default vote is cast at the deadline. */
  | {
      readonly kind: "voteRequested";
      readonly proposalId: number;
      readonly proposer: MemberId;
      readonly request: ChangeRequest;
      /** Deadline in milliseconds since the Unix epoch, converted when the event is emitted. */
      readonly deadlineWallMs: number;
      /** Deadline in milliseconds on the user's monotonic clock, which the timer uses. */
      readonly deadlineMonotonicMs: number;
      /** Default vote. */
      readonly defaultVote: boolean;
    }
  /** A vote was counted: this member's when it is sent, another's when it is verified. */
  | {
      readonly kind: "voteCast";
      readonly proposalId: number;
      readonly voter: MemberId;
      readonly vote: boolean;
    }
  /** A proposal was decided. Emitted once per proposal, before the effects of the result. */
  | {
      readonly kind: "proposalDecided";
      readonly proposalId: number;
      readonly request: ChangeRequest;
      readonly result: DecisionResult;
    }
  /** A proposal of this member was published, with its yes vote (`bundled`) or without a vote. */
  | {
      readonly kind: "ownProposalSubmitted";
      readonly proposalId: number;
      readonly request: ChangeRequest;
      readonly bundled: boolean;
    }
  /** An authenticated commit candidate is stored until the selection. */
  | {
      readonly kind: "commitCandidateReceived";
      readonly steward: MemberId;
      readonly commitHash: string;
      readonly proposals: number;
      readonly own: boolean;
    }
  /**
   * A commit differs from this member's approved changes and is merged, because other members may have decided the same
   * votes differently. `added` changes were not approved on this member; `dropped` changes were, and can be proposed
   * again. Only in `de-mls-3`, and only if no candidate matches the approved changes. Precedes `commitCandidateChosen`.
   */
  | {
      readonly kind: "reconciled";
      readonly committer: MemberId;
      readonly added: readonly CommittedChange[];
      readonly dropped: readonly CommittedChange[];
    }
  /** The selection chose this candidate among `candidates` stored candidates. */
  | {
      readonly kind: "commitCandidateChosen";
      readonly steward: MemberId;
      readonly commitHash: string;
      readonly candidates: number;
    }
  /** A commit was merged. `changes` is in approval order; it may be empty after an urgent removal. */
  | {
      readonly kind: "commitApplied";
      readonly epoch: bigint;
      readonly committer: MemberId;
      readonly changes: readonly CommittedChange[];
      readonly urgent: boolean;
    }
  /** Members joined or left. `members` is the new member list. */
  | {
      readonly kind: "membersChanged";
      readonly members: readonly MemberId[];
      readonly added: readonly MemberId[];
      readonly removed: readonly MemberId[];
    }
  /** A steward list was installed: elected, filled or received with a ConversationSync. */
  | {
      readonly kind: "stewardsChanged";
      readonly stewards: readonly MemberId[];
      readonly electionEpoch: bigint;
      readonly retryRound: number;
    }
  /** A score changed. `cause` is undefined if a ConversationSync set the score. */
  | {
      readonly kind: "scoreChanged";
      readonly member: MemberId;
      readonly score: bigint;
      readonly cause: ScoreEvent | undefined;
    }
  /** The phase changed. */
  | { readonly kind: "phaseChanged"; readonly phase: Phase }
  /**
   * A message header claims a later epoch, so this member may have missed a commit. Headers are not authenticated:
   * `ahead` is at most `epoch` + 16. So that a forged claim cannot hide a real one, a smaller claim is reported again,
   * at most 16 times per epoch; the last is the most plausible.
   */
  | { readonly kind: "epochGap"; readonly epoch: bigint; readonly ahead: bigint }
  /**
   * A message of this epoch cannot be decrypted with its keys, so other members may have merged another commit. Anyone
   * on the network can forge such a message, so this is a hint, emitted once per epoch. To check, compare
   * `epochAuthenticator` with another member over a trusted channel: equal values mean the same group state (RFC 9420,
   * section 8.7).
   */
  | { readonly kind: "diverged"; readonly epoch: bigint; readonly epochAuthenticator: string }
  /**
   * An operation in the background failed; the conversation continues. `code` is stable; `operation` and `message` are
   * human-readable. Contains no secrets.
   */
  | {
      readonly kind: "error";
      readonly code: ErrorEventCode;
      readonly operation: string;
      readonly message: string;
    };

/** Event with the number that acknowledges it. */
export interface NumberedEvent {
  readonly serial: number;
  readonly event: ConversationEvent;
}
