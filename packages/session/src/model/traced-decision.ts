import type { ScoreEvent } from "@demls/scoring";
import type { ElectionSkipReason } from "@demls/steward";
import type { AskReason } from "./admission-policy.js";
import type { ChangeRequest } from "./request.js";
import type { MemberId } from "@demls/wire/core";
import type { DecisionResult, EndReason, Phase } from "./phase.js";

/** Reason of a phase change. An {@link EndReason} leads to `ended`. */
export type PhaseReason =
  /** To `working`: this member received its welcome. */
  | "welcome"
  /** To `working`: a commit opened a new epoch. */
  | "commit-merged"
  /** To `working`: an election installed stewards that can commit. */
  | "stewards-elected"
  /** To `working`: an emergency was decided, so that votes can be opened again. */
  | "emergency-decided"
  /** To `working`: the freeze is over and nothing waits for a commit. */
  | "nothing-approved"
  /** To `freezing`: the inactivity timeout of an approved change elapsed. */
  | "inactivity"
  /** To `freezing`: a candidate with exactly the approved changes arrived. */
  | "candidate-arrived"
  /** To `freezing`: an urgent removal was approved. */
  | "urgent-removal"
  /** To `freezing`: the group accepted a Deadlock. */
  | "deadlock"
  /** To `selection`: all stewards that can commit sent a candidate. */
  | "all-candidates-in"
  /** To `selection`: the freeze timeout elapsed. */
  | "freeze-over"
  /** To `selection`: a valid candidate arrived after the freeze, and no better one arrived within the timeout. */
  | "late-candidate"
  /** To `selection`: the members on another branch go on with another commit of a past epoch. */
  | "branch-lost"
  /** To `reelection`: no candidate can be merged. */
  | "no-candidate"
  | EndReason;

/** Reason of a default vote. The first two follow the configuration; all others vote no. */
export type DefaultVoteReason =
  /** No check objects, and `livenessCriteriaYes` is true. */
  | "silence-agrees"
  /** The target has signed two choices of one epoch. */
  | "equivocated"
  /** `livenessCriteriaYes` is false; it applies to every proposal. */
  | "silence-blocks"
  /** An emergency is open, and this proposal is none. */
  | "emergency-open"
  /** The proposer has too many open proposals. */
  | "too-many-proposals"
  /** The request is empty. */
  | "empty-request"
  /** The next commit is full. */
  | "no-room-in-commit"
  /** The key package cannot be added, or belongs to another member. */
  | "unsound-invitation"
  /** An add of the same member is already open. */
  | "rival-invitation"
  /** This member's admission policy does not admit the joiner. */
  | "not-admitted"
  /** The group has banned the joiner, and the proposer does not vouch for it by its yes. */
  | "banned"
  /** The joiner has given up. */
  | "withdrawn"
  /** Another member proposes to remove this member. */
  | "own-removal"
  /** A newcomer proposes to remove another member. */
  | "newcomers-removal"
  /** The target of the removal is not a member. */
  | "not-a-member"
  /** All other members are already being removed, so none could commit it. */
  | "nobody-left"
  /** This member derives another steward list. */
  | "unexpected-list"
  /** The emergency has no evidence. */
  | "no-evidence"
  /** The emergency names another member as creator. */
  | "foreign-evidence"
  /** An accusation that only a manual vote can confirm. */
  | "unconfirmed-accusation"
  /** The group is not deadlocked on this member. */
  | "not-deadlocked"
  /** The accused member's score is above the threshold on this member. */
  | "score-above-threshold"
  /** An urgent removal is committed alone, and other changes are open. */
  | "changes-under-way"
  /** The proposal reuses the id of a member's leave. */
  | "borrowed-leave-id";

/** Reason that this member does not open an automatic proposal. */
export type HeldBackReason =
  | "not-joined"
  | "wrong-phase"
  | "emergency-open"
  /** The electorate depends on an open election. */
  | "election-open"
  /** None but newcomers could vote. */
  | "no-voters"
  /** The quiet time after a commit has not elapsed. */
  | "quiet-after-commit"
  /** Another member is the proposer. */
  | "not-this-members-turn"
  /** No session slot is free, or the next commit is full. */
  | "no-room"
  /** The joiner waits until a member admits it. */
  | "awaits-admission"
  /** The change is already in effect. */
  | "moot"
  /** Another change of the same member is approved or open. */
  | "under-way"
  /** The key package can no longer be added. */
  | "unsound-invitation"
  /** The group has banned the joiner. */
  | "banned"
  /** An urgent removal is committed alone, and other changes are open. */
  | "changes-under-way"
  /** An election of this member is open. */
  | "own-election-open"
  /** The group rejected it, and the score has not fallen since. */
  | "refused-before"
  /** The accused is no member any more. */
  | "not-a-member"
  /** Too few members were in the epoch of the accusation. */
  | "few-witnesses"
  /** A member does not propose its own score removal. */
  | "own-score"
  | ElectionSkipReason;

/** Automatic proposal or message of this member, also the `operation` of its `error` event. */
export type AutomaticOperation =
  | "stewardElection"
  | "deadlock"
  | "bufferedChange"
  | "scoreRemoval"
  | "accusation"
  | "leave"
  | "conversationSync";

/** Reason that an unpublished proposal of this member was abandoned. */
export type AbandonReason =
  /** Newer proposals evicted it. */
  | "displaced"
  /** The signer declined. */
  | "unsigned"
  /** A commit without it ended the epoch. */
  | "epoch-ended"
  /** The signature arrived in a later epoch. */
  | "signed-too-late"
  /** The proposal expired before the signature arrived. */
  | "signature-overdue"
  /** The transport did not accept it. */
  | "unpublished";

/** Reason that a stored candidate is not merged. */
export type CandidateDropReason =
  /** Its sender may not commit, or it contains proposals of other senders. */
  | "broken-commit"
  /** It contains more or fewer proposals than are approved. */
  | "wrong-count"
  /** It differs from the approved changes. */
  | "not-what-was-approved"
  /** It adds a member with another key package than approved, in a strict conversation. */
  | "swapped-key-package"
  /** Another candidate was chosen first. */
  | "outranked";

/** Reason that a candidate was chosen; the first one that applies. */
export type CandidateChoiceReason =
  /** No candidate matches the approved changes, and the difference is explained by crossing votes. */
  "reconciled" | "only-one" | "epoch-stewards" | "best-ranked";

/** Source of a steward list. */
export type StewardsCause =
  /** The members voted for it. */
  | "elected"
  /** The group has fewer members than the minimum, so all are stewards. */
  | "filled"
  /** Received with a ConversationSync. */
  | "synced"
  /** Stated by the record of a merged commit. */
  | "recorded"
  /** Installed by `regenerateStewards` on this member, without a vote. */
  | "regenerated";

/** Reason that no commit can carry out the approved changes. */
export type Obstacle =
  /** An urgent removal must be committed alone, and other changes are approved. */
  | { readonly kind: "urgentNotAlone"; readonly target: MemberId }
  /** More changes are approved than a commit can contain. */
  | { readonly kind: "tooManyChanges"; readonly approved: number }
  /** The target of a removal is not a member. */
  | { readonly kind: "notAMember"; readonly target: MemberId }
  /** The target of an add is already a member. */
  | { readonly kind: "alreadyAMember"; readonly target: MemberId }
  /** Two key packages of one member are approved. */
  | { readonly kind: "twoKeyPackages"; readonly target: MemberId }
  /** All members would be removed, so none could commit. */
  | { readonly kind: "nobodyLeft"; readonly target: MemberId }
  /** A joiner has lost its invitation or its voucher. */
  | { readonly kind: "notAdmitted"; readonly target: MemberId; readonly reason: AskReason }
  /** The joiner has given up. */
  | { readonly kind: "withdrawn"; readonly target: MemberId };

/**
 * Automatic decision of a conversation, with its reason. Commit hashes are hex.
 *
 * Decisions also explain why something did not happen. They are ordered like events.
 */
export type TracedDecision =
  /** The default vote on a proposal. */
  | {
      readonly kind: "defaultVote";
      readonly proposalId: number;
      readonly vote: boolean;
      readonly reason: DefaultVoteReason;
    }
  /** A proposal was decided, with the votes counted by this member. */
  | {
      readonly kind: "proposalDecided";
      readonly proposalId: number;
      readonly request: ChangeRequest["kind"];
      readonly result: DecisionResult;
      readonly yes: number;
      readonly no: number;
      readonly expected: number;
    }
  /** A proposal of this member was abandoned before it was published. */
  | { readonly kind: "proposalAbandoned"; readonly proposalId: number; readonly reason: AbandonReason }
  /** This member opened an automatic vote or sent an automatic message. */
  | {
      readonly kind: "opened";
      readonly operation: AutomaticOperation;
      /** Undefined for a message, and for a leave, whose id is set when it is signed. */
      readonly proposalId: number | undefined;
    }
  /** This member held back an automatic proposal. */
  | {
      readonly kind: "heldBack";
      readonly operation: AutomaticOperation;
      /** Target of the change; undefined if the reason applies to all. */
      readonly target: MemberId | undefined;
      readonly reason: HeldBackReason;
    }
  /** Opening an automatic proposal failed, with the code of the `DemlsError`. */
  | { readonly kind: "openingFailed"; readonly operation: AutomaticOperation; readonly code: string }
  /** A candidate was stored for the selection. `displaced`: it replaced another by the same sender. */
  | {
      readonly kind: "candidateHeld";
      readonly steward: MemberId;
      readonly commitHash: string;
      readonly own: boolean;
      readonly displaced: boolean;
    }
  /** A candidate was not chosen. */
  | {
      readonly kind: "candidateDropped";
      readonly steward: MemberId;
      readonly commitHash: string;
      readonly reason: CandidateDropReason;
    }
  /** This member has chosen a candidate, which is merged if enough others choose it. */
  | { readonly kind: "candidateBacked"; readonly steward: MemberId; readonly commitHash: string }
  /** A candidate was chosen and is merged. */
  | {
      readonly kind: "candidateChosen";
      readonly steward: MemberId;
      readonly commitHash: string;
      readonly reason: CandidateChoiceReason;
    }
  /** The phase changed. */
  | { readonly kind: "phase"; readonly from: Phase; readonly to: Phase; readonly reason: PhaseReason }
  /**
   * A score changed. `cause` is `sync` if a ConversationSync set it, `record` if a merged commit's record did; `score` is
   * undefined without scoring.
   */
  | {
      readonly kind: "score";
      readonly member: MemberId;
      readonly score: bigint | undefined;
      readonly cause: ScoreEvent | "sync" | "record";
    }
  /** A steward list was installed. */
  | {
      readonly kind: "stewardsInstalled";
      readonly electionEpoch: bigint;
      readonly retryRound: number;
      readonly cause: StewardsCause;
    }
  /** No commit can carry out the approved changes. */
  | { readonly kind: "uncommittableChange"; readonly obstacle: Obstacle }
  /**
   * A ConversationSync was applied. `final`: from the committer. `provisional`: from another member, until the
   * committer sends its own. `repair`: only a missed steward list was taken from it.
   */
  | {
      readonly kind: "synced";
      readonly from: MemberId;
      readonly extent: "final" | "provisional" | "repair";
    };
