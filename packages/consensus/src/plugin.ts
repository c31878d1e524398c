import type { Proposal, Vote } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import type { ChangeRequest } from "./change-request.js";
import type { ConsensusErrorCode } from "./error-code.js";
import type { ReceivedVotes } from "./possible-results.js";
import type { ProposalRules } from "./proposal-rules.js";
import type { VoteVerifier } from "./signing.js";
import type { CastVote, UnsignedVote } from "./vote.js";

/** Parameters of an own proposal. */
export interface OpenProposal {
  /** Unsigned 32-bit: {@link foldProposalId} of fresh randomness, or {@link selfLeaveProposalId}. */
  readonly proposalId: number;
  /** Free text that is published with the proposal. De-mls 3.0.0 sets a random UUID. */
  readonly name: string;
  /** Subject of the vote: an encoded `ConversationUpdateRequest`. */
  readonly payload: Uint8Array;
  /** Identity bytes of the proposer. */
  readonly owner: Uint8Array;
  /** Size of the electorate, the base of all thresholds: at least 1, unsigned 32-bit. */
  readonly expectedVoters: number;
  /** Whole seconds from now until the proposal expires, at least 1. */
  readonly expirationSeconds: bigint;
  /**
   * Whether silent voters count as yes; also decides a tie.
   *
   * @defaultValue The algorithm's configuration.
   */
  readonly livenessCriteriaYes?: boolean;
  /** Counting and eviction. @defaultValue the reference's rules */
  readonly rules?: ProposalRules;
}

/** Opened proposal. Publish it with or without this member's vote. */
export interface OpenedProposal<S> {
  readonly state: S;
  /** Without votes, round 1. */
  readonly proposal: Proposal;
}

/** Context of a call that checks network input. */
export interface ConsensusContext {
  /** Wall clock, whole seconds since the Unix epoch. */
  readonly nowSeconds: bigint;
  readonly verifier: VoteVerifier;
  /**
   * Counting and eviction of a received proposal. Its later votes follow the rules that it was received with.
   *
   * @defaultValue the reference's rules
   */
  readonly rules?: ProposalRules;
}

/**
 * Decision on a proposal: yes, no, or no majority at the deadline.
 *
 * Every later vote or deadline of the proposal returns the same decision, as in the reference. A caller that emits
 * events for decisions must report only the first one per proposal. The session layer keeps the ids of decided
 * proposals for that, because a consensus session may be evicted.
 */
export interface Decision {
  readonly proposalId: number;
  readonly result: "yes" | "no" | "failed";
}

/**
 * Result of receiving a proposal or vote.
 *
 * Continue with `state` in both cases. A rejection with `max-rounds-exceeded` fails the session, as in the reference;
 * any other rejection returns the state passed in.
 */
export type IngestResult<S> =
  | { readonly kind: "accepted"; readonly state: S; readonly decision?: Decision }
  | { readonly kind: "rejected"; readonly state: S; readonly code: ConsensusErrorCode };

/** Result of a deadline: a decision, or no session to decide. */
export type DeadlineResult<S> =
  | { readonly kind: "decided"; readonly state: S; readonly decision: Decision }
  | { readonly kind: "rejected"; readonly state: S; readonly code: "session-not-found" };

/** Proposal with its vote count. */
export interface Tally {
  readonly proposalId: number;
  /** `active` until decided; then the decision. */
  readonly state: "active" | "yes" | "no" | "failed";
  /** Counted yes votes. */
  readonly yes: number;
  /** Counted no votes. */
  readonly no: number;
  /** Size of the electorate. */
  readonly expected: number;
  /** Counted votes, in order of arrival. */
  readonly votes: readonly Vote[];
  /** The proposal with the counted votes, ready to publish. */
  readonly proposal: Proposal;
}

/**
 * Consensus algorithm over one conversation's sessions.
 *
 * The object itself holds no state. `S` is plain data: every call returns the next value and leaves the one passed in
 * unchanged, so that a caller can store, compare or discard it. No call reads a clock or draws randomness. While an
 * asynchronous call is pending, the caller must not change the same conversation: the result belongs to the state
 * passed in.
 *
 * It checks a vote's content, not whether its owner may vote. Before calling it, check the owner against the electorate
 * and against the message's sender, and check the number of bundled votes: each vote costs a signature verification.
 */
export interface ConsensusPlugin<S> {
  /**
   * Maximum number of proposals remembered in a conversation, decided ones included. Above it the oldest are evicted.
   * The order is that of arrival, not of the wall clock: a proposal just opened is always remembered.
   */
  readonly maxSessions: number;

  /**
   * Checks that a conversation with these rules supports every option of this algorithm. It is called before a
   * conversation is created. Omit it if any conversation does.
   *
   * @param rules The rules of all its proposals: `"two-thirds"` if members of de-mls 3.0.0 may take part, whose
   *   electorate and rule are fixed; `"majority"` if all members run this project, and may agree on another algorithm.
   * @throws DemlsError `unsupported-consensus`, its field the unsupported option.
   */
  checkRules?(rules: ProposalRules): void;

  /** State of a conversation without proposals. */
  empty(): S;

  /**
   * Opens an own proposal, without a vote. May evict the oldest session.
   *
   * @throws DemlsError `invalid-expected-voters-count`, `invalid-timeout` (field `expirationSeconds`),
   *   `value-out-of-range` (field `proposalId`), `proposal-already-exist`.
   */
  open(state: S, request: OpenProposal, nowSeconds: bigint): OpenedProposal<S>;

  /** Receives a proposal from the network with its bundled votes, all of them or none. May evict the oldest session. */
  ingestProposal(state: S, proposal: Proposal, context: ConsensusContext): Promise<IngestResult<S>>;

  /** Receives a vote from the network. */
  ingestVote(state: S, vote: Vote, context: ConsensusContext): Promise<IngestResult<S>>;

  /**
   * Prepares this member's vote for signing, without counting it. `withSignature` completes the vote and
   * {@link ConsensusPlugin.admitOwnVote} counts it.
   *
   * @throws DemlsError `session-not-found`, `proposal-expired`, `user-already-voted`, `session-not-active` (in that
   *   order), `value-out-of-range` (field `voteId`).
   */
  castVote(state: S, proposalId: number, ballot: CastVote, nowSeconds: bigint): UnsignedVote;

  /**
   * Counts a vote signed by this member, without verifying it. While it was being signed, the session may have expired,
   * been decided or been evicted. The vote is then rejected, or accepted with the existing decision, as any late vote.
   */
  admitOwnVote(state: S, vote: Vote, nowSeconds: bigint): IngestResult<S>;

  /** Decides a proposal at its deadline. A decided proposal returns its decision again. The caller arms the timer. */
  onDeadline(state: S, proposalId: number, nowSeconds: bigint): DeadlineResult<S>;

  /** Tally of a proposal; `undefined` if it is not remembered. */
  tally(state: S, proposalId: number): Tally | undefined;

  /** All remembered proposals, decided ones included, in order of arrival. */
  proposals(state: S): readonly Tally[];

  /**
   * Members that vote on a request, in the order of `members`; never empty. Their number is `expectedVoters`.
   *
   * Every member computes the electorate: the proposer when it opens the proposal, the others when they receive it. All
   * must compute the same electorate. It is not called for a member's own leave, which needs no vote. A strict
   * conversation of `@demls/session` excludes the target of a removal.
   *
   * @param request The proposed change, such as the removal of a member.
   * @param members The group's members, in the group's order.
   * @param stewards The list in force, former members included; `undefined` if none is known.
   * @returns `undefined` if it depends on a missing list; the proposal then waits.
   */
  electorate(
    request: ChangeRequest,
    members: readonly MemberId[],
    stewards: readonly MemberId[] | undefined,
  ): readonly MemberId[] | undefined;

  /**
   * Results that other members may have reached: with the same votes in another order, or with votes that are missing
   * here. The session uses it to judge a commit that differs from the changes approved here. Omit it if the same votes
   * always give the same result.
   */
  possibleResults?(votes: ReceivedVotes): ReadonlySet<Decision["result"]>;

  /** Drops a proposal. Its id can then be opened or received again. Unknown ids change nothing. */
  forget(state: S, proposalId: number): S;
}
