import type { ScoreEvent } from "@demls/scoring";
import type { MemberId } from "@demls/wire/core";
import type { ErrorEventCode } from "./error-code.js";
import type { ChangeRequest } from "./request.js";
import type { DecisionResult, EndReason, Phase } from "./phase.js";

/** A membership change that a commit carried out, with the proposal that asked for it. */
export interface CommittedChange {
  readonly proposalId: number;
  readonly request: ChangeRequest;
}

/**
 * What happens in a conversation, in the order it is decided.
 *
 * One step (a packet, a command, a timer) emits its events together, after the step's state is in
 * place. Around a commit the order is: `phaseChanged` selection, `commitCandidateChosen`,
 * `scoreChanged` of each scored member, `commitApplied`, `membersChanged`, `stewardsChanged` where a
 * list was installed, `phaseChanged` working; then what arrived early for the new epoch.
 */
export type ConversationEvent =
  /** The welcome was taken: this member can read and write from here on. Comes before `membersChanged`. */
  | { readonly kind: "joined"; readonly epoch: bigint; readonly members: readonly MemberId[] }
  /** This member is out, or gives up joining. The last event of the stream. */
  | { readonly kind: "leaving"; readonly reason: EndReason }
  /** A chat message of `sender`, authenticated by MLS. `epoch` is the one it was sealed in. */
  | {
      readonly kind: "message";
      readonly sender: MemberId;
      readonly content: Uint8Array;
      /** The content as text, where it is valid UTF-8. */
      readonly text: string | undefined;
      readonly epoch: bigint;
    }
  /** A vote is open and this member's is wanted; unanswered, one is cast for it at the deadline. */
  | {
      readonly kind: "voteRequested";
      readonly proposalId: number;
      readonly proposer: MemberId;
      readonly request: ChangeRequest;
      /** Milliseconds since the Unix epoch, as the wall clock stood when the vote was requested. */
      readonly deadlineWallMs: number;
      /** The same on the user's monotonic clock, by which it is kept. */
      readonly deadlineMonotonicMs: number;
      /** The vote that will be cast if no hand does. */
      readonly defaultVote: boolean;
    }
  /** A vote was counted: one's own once it was sent, another's once it was checked. */
  | {
      readonly kind: "voteCast";
      readonly proposalId: number;
      readonly voter: MemberId;
      readonly vote: boolean;
    }
  /** A proposal got its result: once a proposal, before what follows from it. */
  | {
      readonly kind: "proposalDecided";
      readonly proposalId: number;
      readonly request: ChangeRequest;
      readonly result: DecisionResult;
    }
  /** A proposal of this member went out, with its yes (`bundled`) or open to its own later vote. */
  | {
      readonly kind: "ownProposalSubmitted";
      readonly proposalId: number;
      readonly request: ChangeRequest;
      readonly bundled: boolean;
    }
  /** An authenticated commit candidate is held for the selection. */
  | {
      readonly kind: "commitCandidateReceived";
      readonly steward: MemberId;
      readonly commitHash: string;
      readonly proposals: number;
      readonly own: boolean;
    }
  /**
   * A steward's commit is taken though it is not what was approved here, since other members may have come to
   * that by the same votes: `added` was not approved here, `dropped` was, and can be proposed again. Only in a
   * conversation that may have 3.0.0 members, and only where nobody committed what was approved here. Comes
   * before `commitCandidateChosen`.
   */
  | {
      readonly kind: "reconciled";
      readonly committer: MemberId;
      readonly added: readonly CommittedChange[];
      readonly dropped: readonly CommittedChange[];
    }
  /** The selection picked this candidate among `candidates` held ones. */
  | {
      readonly kind: "commitCandidateChosen";
      readonly steward: MemberId;
      readonly commitHash: string;
      readonly candidates: number;
    }
  /** A commit was merged. `changes` in approval order; empty for an urgent removal's leftovers. */
  | {
      readonly kind: "commitApplied";
      readonly epoch: bigint;
      readonly committer: MemberId;
      readonly changes: readonly CommittedChange[];
      readonly urgent: boolean;
    }
  /** Members came or went, by a commit or with this member's own joining; `members` are those now. */
  | {
      readonly kind: "membersChanged";
      readonly members: readonly MemberId[];
      readonly added: readonly MemberId[];
      readonly removed: readonly MemberId[];
    }
  /** A steward list was installed, by election, auto-fill or ConversationSync. */
  | {
      readonly kind: "stewardsChanged";
      readonly stewards: readonly MemberId[];
      readonly electionEpoch: bigint;
      readonly retryRound: number;
    }
  /** A score moved. `cause` is absent where a ConversationSync set it. */
  | {
      readonly kind: "scoreChanged";
      readonly member: MemberId;
      readonly score: bigint;
      readonly cause: ScoreEvent | undefined;
    }
  /** The conversation entered another phase. */
  | { readonly kind: "phaseChanged"; readonly phase: Phase }
  /**
   * A message arrived whose header claims a later epoch: a commit may be missing here. The header is not
   * authenticated, so `ahead` says at most 16 epochs more than `epoch`; and since a forged one must not hide a
   * true one, a nearer claim is reported again: at most 16 times in each epoch, the last the most plausible.
   */
  | { readonly kind: "epochGap"; readonly epoch: bigint; readonly ahead: bigint }
  /**
   * A message came that claims this epoch, and the epoch's keys do not open it: others of the group may have merged
   * another commit, and this member may be alone with its own. Anyone on the network can write such a message, so it
   * is a hint, told once in each epoch. Compare `epochAuthenticator` with another member's over a channel that you
   * trust: it is the same where the group is (RFC 9420, section 8.7).
   */
  | { readonly kind: "diverged"; readonly epoch: bigint; readonly epochAuthenticator: string }
  /**
   * Something in the background failed; the conversation goes on. `code` is stable; `operation` and `message` are for
   * people. Never carries a secret.
   */
  | {
      readonly kind: "error";
      readonly code: ErrorEventCode;
      readonly operation: string;
      readonly message: string;
    };

/** An event, and the number by which it is acknowledged. */
export interface NumberedEvent {
  readonly serial: number;
  readonly event: ConversationEvent;
}
