import type { ProposalTimes } from "@demls/consensus";
import type { Proposal, Vote } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import type { DecisionResult } from "./phase.js";
import type { ApprovedChange } from "./changes.js";
import type { ChangeRequest } from "./request.js";
import { map, whole, type SliceValue } from "./slice.js";

/** The vote that is cast for this member at `atMs` if it casts none by hand. */
export interface DefaultVoteTimer {
  /** Monotonic. */
  readonly atMs: number;
  readonly vote: boolean;
}

/** Purpose of a requested signature. */
export type SigningPurpose =
  /** This member's vote on an open proposal. */
  | { readonly kind: "vote" }
  /** This member's yes, sent along with its own proposal. */
  | {
      readonly kind: "bundledYes";
      /** The epoch the proposal was opened in. The proposal is abandoned when that epoch ends. */
      readonly epoch: bigint;
    };

/** A signature that was requested and has not come yet. */
export interface PendingSignature {
  readonly requestId: number;
  /** The vote without its signature. */
  readonly vote: Vote;
  readonly message: Uint8Array;
  readonly purpose: SigningPurpose;
}

/**
 * Everything that this member knows about one vote besides the votes counted, which the consensus plug-in keeps.
 *
 * An entry lasts as long as the plug-in remembers the proposal. It outlives the result, because peers may still have
 * the vote open.
 */
export interface OpenVote {
  readonly proposalId: number;
  readonly request: ChangeRequest;
  readonly proposer: MemberId;
  /** Whether this member proposed it. */
  readonly own: boolean;
  /** Absent while votes are counted. */
  readonly result: DecisionResult | undefined;
  /** Members whose votes count; absent where the ConversationSync vouched for the votes. */
  readonly voters: readonly MemberId[] | undefined;
  /** Whether this member derives the proposed steward list itself (election-validity.ts). */
  readonly expectedElection: boolean;
  /** Absent where this member has voted or has no vote. */
  readonly defaultVote: DefaultVoteTimer | undefined;
  /** Monotonic time at which the votes counted so far decide; absent once they have. */
  readonly deadlineMs: number | undefined;
  /** Monotonic time until which peers may have the vote open although its deadline has passed here. */
  readonly slotHeldUntilMs: number | undefined;
  readonly signature: PendingSignature | undefined;
}

/** A proposal that waits until its voters are known. */
export interface BufferedProposal {
  readonly proposal: Proposal;
  readonly sender: MemberId;
}

/** A vote that arrived before its proposal. `sender` is authenticated by MLS. */
export interface BufferedVote {
  readonly vote: Vote;
  readonly sender: MemberId;
}

/**
 * A membership change that was proposed in this epoch or the one before, with the votes received for it, whether they
 * count here or not. For an accusation, `request` is the removal that it leads to.
 */
export interface ObservedProposal extends ApprovedChange, ProposalTimes {
  readonly expectedVoters: number;
  readonly livenessCriteriaYes: boolean;
  readonly observedIn: bigint;
  /** By owner. */
  readonly votes: ReadonlyMap<MemberId, boolean>;
}

function shiftedVote(vote: OpenVote, byMs: number): OpenVote {
  const { defaultVote, deadlineMs, slotHeldUntilMs } = vote;
  return {
    ...vote,
    defaultVote: defaultVote && { ...defaultVote, atMs: defaultVote.atMs + byMs },
    deadlineMs: deadlineMs === undefined ? undefined : deadlineMs + byMs,
    slotHeldUntilMs: slotHeldUntilMs === undefined ? undefined : slotHeldUntilMs + byMs,
  };
}

export const votesSlice = {
  /** The consensus plug-in's value: proposals and the votes counted. */
  sessions: whole<unknown>(undefined),
  /** By proposal id, in order of arrival. */
  open: map<number, OpenVote>({ shifted: shiftedVote }),
  /** Ids of proposals whose result has been applied, oldest first. */
  resolved: whole<readonly number[]>([]),
  /** By proposal id, oldest first. Empty in a strict conversation (reconcile.ts). */
  observed: map<number, ObservedProposal>(),
  bufferedVotes: whole<readonly BufferedVote[]>([]),
  bufferedProposals: whole<readonly BufferedProposal[]>([]),
  nextRequestId: whole(1),
};

/** Votes: what is being voted on, what was decided, and what arrived too early. */
export type Votes = SliceValue<typeof votesSlice>;
