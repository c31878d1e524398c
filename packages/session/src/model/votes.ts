import type { ProposalTimes } from "@demls/consensus";
import type { Proposal, Vote } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import type { DecisionResult } from "./phase.js";
import type { ApprovedChange, Consent } from "./changes.js";
import type { ChangeRequest } from "./request.js";
import { map, whole, type SliceValue } from "./slice.js";

/** Default vote, cast at `atMs`. */
export interface DefaultVoteTimer {
  /** Monotonic time in ms. */
  readonly atMs: number;
  readonly vote: boolean;
}

/** Purpose of a requested signature. */
export type SigningPurpose =
  /** This member's vote on an open proposal. */
  | { readonly kind: "vote" }
  /** This member's yes vote, sent with its own proposal. */
  | {
      readonly kind: "bundledYes";
      /** Epoch in which the proposal was opened. The proposal is abandoned when that epoch ends. */
      readonly epoch: bigint;
    };

/** Requested signature that has not arrived yet. */
export interface PendingSignature {
  readonly requestId: number;
  /** Unsigned vote. */
  readonly vote: Vote;
  readonly message: Uint8Array;
  readonly purpose: SigningPurpose;
  /** The signature, if it came while this member caught up after a start; undefined before. */
  readonly kept: Uint8Array | undefined;
}

/**
 * State of one vote, except the counted votes, which the consensus plug-in keeps.
 *
 * An entry is kept as long as the plug-in keeps the proposal. It outlives the result, because the vote may still be
 * open at peers.
 */
export interface OpenVote {
  readonly proposalId: number;
  readonly request: ChangeRequest;
  readonly proposer: MemberId;
  /** Name that the joiner of an add claims; undefined if it claims none. */
  readonly claimedName: string | undefined;
  /** Whether this member proposed it. */
  readonly own: boolean;
  /** Undefined while the vote is open. */
  readonly result: DecisionResult | undefined;
  /** Of the addition of a joiner, where the mode asks for admission; undefined if the vote comes from a ConversationSync. */
  readonly consent?: Consent;
  /** Members whose votes count; undefined if the votes come from a ConversationSync. */
  readonly voters: readonly MemberId[] | undefined;
  /** Whether this member derives the same steward list (election-validity.ts). */
  readonly expectedElection: boolean;
  /** Undefined if this member has voted or has no vote. */
  readonly defaultVote: DefaultVoteTimer | undefined;
  /** Monotonic time of the deadline; undefined once it has passed. */
  readonly deadlineMs: number | undefined;
  /** Monotonic time until which the vote may be open at peers after its deadline here. */
  readonly slotHeldUntilMs: number | undefined;
  readonly signature: PendingSignature | undefined;
}

/** Proposal that waits until its electorate is known. */
export interface BufferedProposal {
  readonly proposal: Proposal;
  readonly sender: MemberId;
}

/** Vote received before its proposal. `sender` is authenticated by MLS. */
export interface BufferedVote {
  readonly vote: Vote;
  readonly sender: MemberId;
}

/**
 * Membership change proposed in this epoch or the previous one, with all received votes, counted or not. For a score
 * removal, `request` is the resulting removal.
 */
export interface ObservedProposal extends ApprovedChange, ProposalTimes {
  readonly expectedVoters: number;
  readonly livenessCriteriaYes: boolean;
  readonly observedIn: bigint;
  /** Votes by owner. */
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
  /** Value of the consensus plug-in: proposals and counted votes. */
  sessions: whole<unknown>(undefined),
  /** Open and recent votes by proposal id, in order of arrival. */
  open: map<number, OpenVote>({ shifted: shiftedVote }),
  /** Ids of proposals whose result was applied, oldest first. */
  resolved: whole<readonly number[]>([]),
  /** Observed proposals by id, oldest first. Empty in strict conversations (reconcile.ts). */
  observed: map<number, ObservedProposal>(),
  bufferedVotes: whole<readonly BufferedVote[]>([]),
  bufferedProposals: whole<readonly BufferedProposal[]>([]),
  nextRequestId: whole(1),
};

/** Open, decided and buffered votes. */
export type Votes = SliceValue<typeof votesSlice>;
