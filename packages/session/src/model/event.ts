import type { ScoreEvent } from "@demls/scoring";
import type { MemberId } from "@demls/wire/core";
import type { AskReason } from "./admission-policy.js";
import type { ErrorEventCode } from "./error-code.js";
import type { Arrival } from "./joining.js";
import type { ChangeRequest } from "./request.js";
import type { DecisionResult, EndReason, Phase } from "./phase.js";

/** Committed membership change, with the id of its proposal. */
export interface CommittedChange {
  readonly proposalId: number;
  readonly request: ChangeRequest;
}

/**
 * An event of a conversation. Events come in the order in which they are decided.
 *
 * The events of one step (a packet, a command, a timer) are emitted together, after the state is updated. The order at
 * a commit is: `phaseChanged` (selection), `commitCandidateChosen`, `scoreChanged` for each scored member,
 * `commitApplied`, `membersChanged`, `stewardsChanged` if a list was installed, `phaseChanged` (working), then events
 * of packets buffered for the new epoch.
 */
export type ConversationEvent =
  /** This member joined: it can read and write from here on. Comes before `membersChanged`. */
  | { readonly kind: "joined"; readonly epoch: bigint; readonly members: readonly MemberId[] }
  /**
   * This member asked to join by the name alone, and several groups of that name have added it: `groupIds` are their
   * ids, the one that it is in first. Emitted for each other group, for at most eight. Anyone on the network can claim
   * another group, so it is a hint: ask a member for the id of the group that is meant.
   */
  | { readonly kind: "ambiguousConversation"; readonly groupIds: readonly string[] }
  /** This member left, was removed, or gave up joining. The last event. */
  | { readonly kind: "leaving"; readonly reason: EndReason }
  /**
   * Chat message. Its fields are those of `ChatMessage`. One of this member itself comes only after a start with an old copy
   * of its storage, which does not show it.
   */
  | {
      readonly kind: "message";
      readonly sender: MemberId;
      readonly claimedName: string | undefined;
      readonly verified: boolean;
      readonly content: Uint8Array;
      readonly text: string | undefined;
      readonly epoch: bigint;
      readonly id: string;
      readonly sentAtMs: number | undefined;
      readonly receivedAtMs: number;
    }
  /**
   * Somebody asks to join, and this user's admission policy neither admits nor refuses it: it waits for
   * `Conversation.admit`. `claimedName` is the name that the joiner claims, not verified. `invitedBy` is the member whose
   * good invitation it holds.
   */
  | {
      readonly kind: "joinRequested";
      readonly joiner: MemberId;
      readonly claimedName: string | undefined;
      readonly invitedBy: MemberId | undefined;
      /** Reason for which it needs this user's consent. */
      readonly reason: AskReason;
    }
  /** A member has confirmed a newcomer: see `Conversation.confirmMember`. */
  | { readonly kind: "memberConfirmed"; readonly member: MemberId; readonly by: MemberId }
  /** The members vote on a proposal. Without a vote by hand, this member's default vote is cast at the deadline. */
  | {
      readonly kind: "voteRequested";
      readonly proposalId: number;
      readonly proposer: MemberId;
      readonly request: ChangeRequest;
      /** Name that a joiner claims in its key package, not verified; undefined for none, and for other requests. */
      readonly claimedName: string | undefined;
      /** The deadline in milliseconds since the Unix epoch, by the wall clock at the time of the request. */
      readonly deadlineWallMs: number;
      /** The same on the user's monotonic clock, which decides. */
      readonly deadlineMonotonicMs: number;
      /** The vote that is cast at the deadline. */
      readonly defaultVote: boolean;
    }
  /** A vote was counted: this member's when it is sent, another's when it is validated. */
  | {
      readonly kind: "voteCast";
      readonly proposalId: number;
      readonly voter: MemberId;
      readonly vote: boolean;
    }
  /**
   * A proposal was decided. Comes before the events that follow from it, and once for each proposal. Only if votes that
   * this member had missed revise the result, it comes again with the other one.
   */
  | {
      readonly kind: "proposalDecided";
      readonly proposalId: number;
      readonly request: ChangeRequest;
      readonly result: DecisionResult;
    }
  /** A proposal of this member was sent, with its yes vote (`bundled`) or without its vote. */
  | {
      readonly kind: "ownProposalSubmitted";
      readonly proposalId: number;
      readonly request: ChangeRequest;
      readonly bundled: boolean;
    }
  /** An authenticated commit candidate was kept for the selection. */
  | {
      readonly kind: "commitCandidateReceived";
      readonly steward: MemberId;
      readonly commitHash: string;
      readonly proposals: number;
      readonly own: boolean;
    }
  /**
   * This member follows a commit that differs from the changes approved here, since the same votes may have approved it
   * elsewhere. `added` was not approved here. `dropped` was approved here and can be proposed again. Only in a
   * `de-mls-3` conversation, if no candidate had exactly the changes approved here. Comes before
   * `commitCandidateChosen`.
   */
  | {
      readonly kind: "reconciled";
      readonly committer: MemberId;
      readonly added: readonly CommittedChange[];
      readonly dropped: readonly CommittedChange[];
    }
  /** The selection chose this candidate out of `candidates` kept ones. */
  | {
      readonly kind: "commitCandidateChosen";
      readonly steward: MemberId;
      readonly commitHash: string;
      readonly candidates: number;
    }
  /** A commit was merged. `changes` are in the order of their approval. */
  | {
      readonly kind: "commitApplied";
      readonly epoch: bigint;
      readonly committer: MemberId;
      readonly changes: readonly CommittedChange[];
      readonly urgent: boolean;
    }
  /**
   * The members changed, by a commit or because this member joined; `members` are those of the new epoch. `letIn` names
   * the member that answers for each of `added`. A joiner has it empty: it learns this later, as
   * `MemberSnapshot.arrival`.
   */
  | {
      readonly kind: "membersChanged";
      readonly members: readonly MemberId[];
      readonly added: readonly MemberId[];
      readonly removed: readonly MemberId[];
      readonly letIn: readonly LetIn[];
    }
  /** A steward list was installed: elected, filled or received with a ConversationSync. */
  | {
      readonly kind: "stewardsChanged";
      readonly stewards: readonly MemberId[];
      readonly electionEpoch: bigint;
      readonly retryRound: number;
    }
  /** A score changed. `cause` is absent if a ConversationSync set it. */
  | {
      readonly kind: "scoreChanged";
      readonly member: MemberId;
      readonly score: bigint;
      readonly cause: ScoreEvent | undefined;
    }
  /** The phase changed. */
  | { readonly kind: "phaseChanged"; readonly phase: Phase }
  /**
   * A message arrived whose header claims the later epoch `ahead`: a commit may be missing here. The header is not
   * authenticated, so `ahead` is at most 16 epochs after `epoch`. A smaller claim is reported again, so that a forged
   * one does not hide a true one: at most 16 times in each epoch. The last is the most plausible.
   */
  | { readonly kind: "epochGap"; readonly epoch: bigint; readonly ahead: bigint }
  /**
   * A message arrived that claims this epoch but cannot be decrypted with its keys: other members may have merged
   * another commit. Or this member is left behind, and a stranger answers its key package: all members that it knew may
   * be gone, and only a new join brings it back. Anyone on the network can send such packets, so this is a hint, emitted
   * once in each epoch. Compare `epochAuthenticator` with another member's over a trusted channel: it is equal in the
   * same group state (RFC 9420, section 8.7).
   */
  | { readonly kind: "diverged"; readonly epoch: bigint; readonly epochAuthenticator: string }
  /** This member has merged the commits that it had missed since the epoch `from`, and is in the epoch of the others. */
  | { readonly kind: "caughtUp"; readonly from: bigint; readonly epoch: bigint }
  /**
   * This member had been left behind in the epoch `from`, and is back in `epoch` with a new leaf. Messages of the epochs
   * between are lost to it, and its open proposals are abandoned. Scores and stewards follow with a ConversationSync.
   */
  | { readonly kind: "rejoined"; readonly from: bigint; readonly epoch: bigint }
  /** A commit replaced the leaf of another member, which had been left behind: it may have missed messages. */
  | { readonly kind: "memberRejoined"; readonly member: MemberId }
  /**
   * The record of a commit has told this member of unknown invitations, uses, revocations or bans. Its author `by`
   * alone vouches for them: a dishonest one can invent them. Comes before `commitApplied`.
   */
  | {
      readonly kind: "learned";
      readonly by: MemberId;
      readonly invitations: readonly {
        readonly inviter: MemberId;
        readonly id: string;
        readonly uses: number;
        readonly revoked: boolean;
      }[];
      readonly bans: readonly MemberId[];
    }
  /**
   * A ban was lifted: the member may be let in again like any joiner. `by` is undefined if this member learned it from the
   * records of two authors or from a ConversationSync.
   */
  | { readonly kind: "unbanned"; readonly member: MemberId; readonly by: MemberId | undefined }
  /** A commit without changes has renewed the HPKE keys of this or another member. */
  | { readonly kind: "keysRenewed"; readonly member: MemberId }
  /**
   * This member has entered `epoch` by a commit that `chosenBy` of the `members` of the epoch before have chosen, which
   * is not the majority: too many of the others are away. They may have merged another commit.
   */
  | {
      readonly kind: "provisional";
      readonly epoch: bigint;
      readonly chosenBy: number;
      readonly members: number;
    }
  /**
   * This member was apart from the majority, and takes back the commits since the epoch `at`: the others have merged
   * another one. It follows theirs from that epoch on. Its chat since then is sent again. Open proposals of this member
   * have failed; `membersChanged` and `commitApplied` follow. `from` is the epoch that it leaves.
   */
  | { readonly kind: "branchLost"; readonly from: bigint; readonly at: bigint }
  /**
   * The member has signed choices of two commits of `epoch`, as only a hostile one does, or one that has lost its last records.
   * Neither counts any more, so `branchLost` can follow. Emitted once for a member and epoch.
   */
  | { readonly kind: "equivocated"; readonly member: MemberId; readonly epoch: bigint }
  /**
   * Packets of a member were lost: `count` of its messages or votes of `epoch` did not arrive, and no member that
   * answers has them. Emitted once for them.
   */
  | {
      readonly kind: "missed";
      readonly sender: MemberId;
      readonly count: number;
      readonly epoch: bigint;
    }
  /**
   * `member` reports to have these chat messages of this member. `count` members have reported a message so far. Members
   * report rarely, and not all of them, so more may have it.
   */
  | {
      readonly kind: "delivered";
      readonly member: MemberId;
      readonly messages: readonly { readonly id: string; readonly count: number }[];
    }
  /**
   * Of this member's chat message `id` no other member has reported to have it, and it is not sent again: it is older than seven
   * days, too many others wait, or no other member is left.
   */
  | { readonly kind: "notDelivered"; readonly id: string }
  /**
   * An operation in the background failed; the conversation goes on. `code` is stable; `operation` and `message` are for
   * people. The event holds no secret.
   */
  | {
      readonly kind: "error";
      readonly code: ErrorEventCode;
      readonly operation: string;
      readonly message: string;
    };

/** Member that a commit has added, and the one that answers for it. */
export interface LetIn {
  readonly member: MemberId;
  /** Its inviter, or else the member that has vouched for it or proposed it. */
  readonly letInBy: MemberId;
  /** Whether it came with an invitation of that member. */
  readonly invited: boolean;
  /** Whether votes by hand let it in, not those by default. */
  readonly byHand: boolean;
}

/** Event with the number that acknowledges it. */
export interface NumberedEvent {
  readonly serial: number;
  readonly event: ConversationEvent;
}

/** The event of a change from `before` to `members`. */
export function membersChanged(
  before: readonly MemberId[],
  members: readonly MemberId[],
  arrivals: ReadonlyMap<MemberId, Arrival> = new Map(),
): Extract<ConversationEvent, { kind: "membersChanged" }> {
  const added = members.filter((member) => !before.includes(member));
  const letIn = added.flatMap((member): readonly LetIn[] => {
    const arrival = arrivals.get(member);
    if (arrival === undefined) return [];
    const { sponsor: letInBy, invited, byHand } = arrival;
    return [{ member, letInBy, invited, byHand }];
  });
  const removed = before.filter((member) => !members.includes(member));
  return { kind: "membersChanged", members, added, removed, letIn };
}
