import type { ScoreEvent } from "@demls/scoring";
import type { ElectionSkipReason } from "@demls/steward";
import type { ChangeRequest } from "./request.js";
import type { MemberId } from "@demls/wire/core";
import type { DecisionResult, EndReason, Phase } from "./phase.js";

/** Why a phase was entered. An {@link EndReason} leads to `ended`. */
export type PhaseReason =
  /** To `working`: this member was let in. */
  | "welcome"
  /** To `working`: a commit opened a new epoch. */
  | "commit-merged"
  /** To `working`: stewards were elected who can commit. */
  | "stewards-elected"
  /** To `working`: an emergency was decided, so that votes can be opened again. */
  | "emergency-decided"
  /** To `working`: the freeze is over and nothing waits for a commit. */
  | "nothing-approved"
  /** To `freezing`: approved work has waited as long as it may. */
  | "inactivity"
  /** To `freezing`: a candidate came that does exactly what is approved. */
  | "candidate-arrived"
  /** To `freezing`: an urgent removal was voted in. */
  | "urgent-removal"
  /** To `freezing`: the group declared that it is deadlocked. */
  | "deadlock"
  /** To `selection`: every steward that can commit has sent a candidate. */
  | "all-candidates-in"
  /** To `selection`: the freeze has lasted as long as it may. */
  | "freeze-over"
  /** To `selection`: a valid candidate came after the freeze, and no better one can come or came in time. */
  | "late-candidate"
  /** To `reelection`: no candidate can be merged. */
  | "no-candidate"
  | EndReason;

/** Why the vote that is cast for this member is what it is: the first two are the configured one, the others a no. */
export type DefaultVoteReason =
  /** Nothing speaks against it, and `livenessCriteriaYes` says yes. */
  | "silence-agrees"
  /** `livenessCriteriaYes` says no, whatever is proposed. */
  | "silence-blocks"
  /** An emergency is open, and this is none. */
  | "emergency-open"
  /** Its proposer has more votes open than it may. */
  | "too-many-proposals"
  /** The request says nothing. */
  | "empty-request"
  /** The next commit is full. */
  | "no-room-in-commit"
  /** The key package cannot be added, or is another member's. */
  | "unsound-invitation"
  /** The same member is being invited already. */
  | "rival-invitation"
  /** It is this member's own removal, proposed by another. */
  | "own-removal"
  /** Who is to be removed is no member. */
  | "not-a-member"
  /** All others are being removed already: nobody would be left to commit it. */
  | "nobody-left"
  /** Not the list that everyone would derive. */
  | "unexpected-list"
  /** An emergency without evidence. */
  | "no-evidence"
  /** An emergency in another member's name. */
  | "foreign-evidence"
  /** An accusation, which only a member's hand confirms. */
  | "unconfirmed-accusation"
  /** The group is not deadlocked as far as this member sees. */
  | "not-deadlocked"
  /** The accused member's score is above the threshold here. */
  | "score-above-threshold"
  /** The removal would be committed alone, and other changes are under way. */
  | "changes-under-way"
  /** The proposal goes by the id of a member's leave and is not that leave. */
  | "borrowed-leave-id";

/** Why this member does not open a vote that it might open by itself. */
export type HeldBackReason =
  | "not-joined"
  | "wrong-phase"
  | "emergency-open"
  /** The stewards who vote on it are being elected. */
  | "election-open"
  /** Nothing is opened until members have merged the commit before. */
  | "quiet-after-commit"
  /** Another member is to open it. */
  | "not-this-members-turn"
  /** There are as many open votes as are remembered, or as many changes as one commit holds. */
  | "no-room"
  /** The change has come about already. */
  | "moot"
  /** The same member is the target of another change that is approved or being voted on. */
  | "under-way"
  /** The key package cannot be added any more. */
  | "unsound-invitation"
  /** It would be committed alone, and other changes are under way. */
  | "changes-under-way"
  /** An election of this member's is being voted on. */
  | "own-election-open"
  /** The group has refused it, and the score has not fallen any further since. */
  | "refused-before"
  /** Nobody proposes one's own removal for its score. */
  | "own-score"
  | ElectionSkipReason;

/** What this member opens by itself: as in the `operation` of `error` events. */
export type AutomaticOperation =
  "stewardElection" | "deadlock" | "bufferedChange" | "scoreRemoval" | "leave" | "conversationSync";

/** Why a proposal of this member's that nobody has seen was given up. */
export type AbandonReason =
  /** Newer proposals displaced it. */
  | "displaced"
  /** The signer declined. */
  | "unsigned"
  /** The signature came when the group had moved on. */
  | "signed-too-late"
  /** No signature came while the proposal lived. */
  | "signature-overdue"
  /** The network would not take it. */
  | "unpublished";

/** Why a candidate that was held is not merged. */
export type CandidateDropReason =
  /** Its sender may not commit now, or it carries proposals of others. */
  | "broken-commit"
  /** It counts more or fewer proposals than are approved. */
  | "wrong-count"
  /** It does something else than what is approved. */
  | "not-what-was-approved"
  /** It adds members by other key packages than those approved, which a strict conversation refuses. */
  | "swapped-key-package"
  /** Another was chosen before it came to it. */
  | "outranked";

/** Why a candidate was chosen: the first of these that is so. */
export type CandidateChoiceReason =
  /** None does what is approved here, and this one's difference is excused. */
  "reconciled" | "only-one" | "epoch-stewards" | "best-ranked";

/** Where a steward list came from. */
export type StewardsCause =
  /** The members voted for it. */
  | "elected"
  /** The group is smaller than the fewest stewards that there may be, so that everyone is one. */
  | "filled"
  /** A ConversationSync told of it. */
  | "synced"
  /** This member was told to install it, without a vote. */
  | "regenerated";

/** What no commit can carry out of the approved work. */
export type Obstacle =
  /** An urgent removal was to be committed alone, and other work is approved beside it. */
  | { readonly kind: "urgentNotAlone"; readonly target: MemberId }
  /** More changes are approved than one commit holds. */
  | { readonly kind: "tooManyChanges"; readonly approved: number }
  /** Who is to be removed is no member. */
  | { readonly kind: "notAMember"; readonly target: MemberId }
  /** Who is to be added is a member already. */
  | { readonly kind: "alreadyAMember"; readonly target: MemberId }
  /** One member is to be added by two key packages. */
  | { readonly kind: "twoKeyPackages"; readonly target: MemberId }
  /** With the ban of this member every member is to be removed, so that none may commit. */
  | { readonly kind: "nobodyLeft"; readonly target: MemberId };

/**
 * What a conversation decided by itself, and why. Commit hashes are hex.
 *
 * Events say what happens; a decision also says what does not, and by which rule. Both are in the order in
 * which they were made.
 */
export type TracedDecision =
  /** The vote that is cast for this member on a proposal, if its hand casts none. */
  | {
      readonly kind: "defaultVote";
      readonly proposalId: number;
      readonly vote: boolean;
      readonly reason: DefaultVoteReason;
    }
  /** A proposal got its result, by this count of votes at this member. */
  | {
      readonly kind: "proposalDecided";
      readonly proposalId: number;
      readonly request: ChangeRequest["kind"];
      readonly result: DecisionResult;
      readonly yes: number;
      readonly no: number;
      readonly expected: number;
    }
  /** An own proposal was given up before anyone had seen it. */
  | { readonly kind: "proposalAbandoned"; readonly proposalId: number; readonly reason: AbandonReason }
  /** This member opened a vote, or sent what is due, by itself. */
  | {
      readonly kind: "opened";
      readonly operation: AutomaticOperation;
      /** Absent for what is no vote, and for a leave, whose id its signature brings. */
      readonly proposalId: number | undefined;
    }
  /** It did not, though there was occasion. */
  | {
      readonly kind: "heldBack";
      readonly operation: AutomaticOperation;
      /** Whom the change is about; absent where the reason holds for all that wait. */
      readonly target: MemberId | undefined;
      readonly reason: HeldBackReason;
    }
  /** It tried to, and could not: the code of the `DemlsError`. */
  | { readonly kind: "openingFailed"; readonly operation: AutomaticOperation; readonly code: string }
  /** A candidate was taken in for the selection. `displaced`: instead of another by the same member. */
  | {
      readonly kind: "candidateHeld";
      readonly steward: MemberId;
      readonly commitHash: string;
      readonly own: boolean;
      readonly displaced: boolean;
    }
  /** A candidate was passed over in the selection. */
  | {
      readonly kind: "candidateDropped";
      readonly steward: MemberId;
      readonly commitHash: string;
      readonly reason: CandidateDropReason;
    }
  /** A candidate is merged. */
  | {
      readonly kind: "candidateChosen";
      readonly steward: MemberId;
      readonly commitHash: string;
      readonly reason: CandidateChoiceReason;
    }
  /** The conversation moved to another phase. */
  | { readonly kind: "phase"; readonly from: Phase; readonly to: Phase; readonly reason: PhaseReason }
  /** A score was moved. `cause` is `sync` where a ConversationSync set it; `score` is absent where nobody is scored. */
  | {
      readonly kind: "score";
      readonly member: MemberId;
      readonly score: bigint | undefined;
      readonly cause: ScoreEvent | "sync";
    }
  /** A steward list was installed. */
  | {
      readonly kind: "stewardsInstalled";
      readonly electionEpoch: bigint;
      readonly retryRound: number;
      readonly cause: StewardsCause;
    }
  /** Approved work was found that no commit can carry out. */
  | { readonly kind: "uncommittableChange"; readonly obstacle: Obstacle }
  /**
   * What another member says of the group was taken over: all of it (`final`, `provisional` until the member that
   * let this one in speaks), or a steward list that this one had missed (`repair`).
   */
  | {
      readonly kind: "synced";
      readonly from: MemberId;
      readonly extent: "final" | "provisional" | "repair";
    };
