import type { Proposal, Vote } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import type { ChangeRequest } from "./change-request.js";
import type { ConsensusErrorCode } from "./error-code.js";
import type { VotesHeard } from "./possible-results.js";
import type { ProposalRules } from "./proposal-rules.js";
import type { VoteVerifier } from "./signing.js";
import type { CastVote, UnsignedVote } from "./vote.js";

/** A proposal of one's own, before it is opened. */
export interface OpenProposal {
  /** Unsigned 32-bit: {@link foldProposalId} of fresh randomness, or {@link selfLeaveProposalId}. */
  readonly proposalId: number;
  /** Free text that travels along; de-mls 3.0.0 puts a UUID there: {@link uuidV4}. */
  readonly name: string;
  /** What is voted on: an encoded `ConversationUpdateRequest`. */
  readonly payload: Uint8Array;
  /** Identity bytes of the member that proposes. */
  readonly owner: Uint8Array;
  /** Size of the electorate, which all thresholds are computed from: at least 1, unsigned 32-bit. */
  readonly expectedVoters: number;
  /** Whole seconds from now until the proposal takes no more votes: at least 1. */
  readonly expirationSeconds: bigint;
  /**
   * Whether silent voters count as yes; also decides a tie.
   *
   * @defaultValue What the algorithm was configured with.
   */
  readonly livenessCriteriaYes?: boolean;
  /** How it is counted and kept. @defaultValue the reference's rules */
  readonly rules?: ProposalRules;
}

/** A proposal that was opened, to be published once this member's vote is in it, or before. */
export interface OpenedProposal<S> {
  readonly state: S;
  /** Without votes, round 1. */
  readonly proposal: Proposal;
}

/** What a call that checks network input is given, beside the input. */
export interface ConsensusContext {
  /** Wall clock, whole seconds since the Unix epoch. */
  readonly nowSeconds: bigint;
  readonly verifier: VoteVerifier;
  /**
   * How a proposal that is taken in is counted and kept; its later votes go by what it was taken in with.
   *
   * @defaultValue the reference's rules
   */
  readonly rules?: ProposalRules;
}

/**
 * What became of a proposal: the voters said yes or no, or the deadline found no majority.
 *
 * The same decision is returned again by every vote that arrives after it and by every later deadline, as the
 * reference does. Whoever turns decisions into events reports the first of a proposal and drops the repeats:
 * the session keeps the ids of decided proposals for that, because a session of consensus may be displaced.
 */
export interface Decision {
  readonly proposalId: number;
  readonly result: "yes" | "no" | "failed";
}

/**
 * Outcome of taking in a proposal or vote.
 *
 * Continue with `state` in both cases: a rejection changes it where the reference fails the session,
 * which is only on `max-rounds-exceeded`; otherwise it is the state passed in.
 */
export type IngestResult<S> =
  | { readonly kind: "accepted"; readonly state: S; readonly decision?: Decision }
  | { readonly kind: "rejected"; readonly state: S; readonly code: ConsensusErrorCode };

/** Outcome of a deadline: a decision, or no session to decide. */
export type DeadlineResult<S> =
  | { readonly kind: "decided"; readonly state: S; readonly decision: Decision }
  | { readonly kind: "rejected"; readonly state: S; readonly code: "session-not-found" };

/** A proposal with its count. */
export interface Tally {
  readonly proposalId: number;
  /** `active` while votes are counted; otherwise the decision. */
  readonly state: "active" | "yes" | "no" | "failed";
  /** Votes counted for. */
  readonly yes: number;
  /** Votes counted against. */
  readonly no: number;
  /** Size of the electorate. */
  readonly expected: number;
  /** The votes counted, in the order in which they were. */
  readonly votes: readonly Vote[];
  /** As it would be published now, with the votes counted. */
  readonly proposal: Proposal;
}

/**
 * A consensus algorithm over one conversation's sessions.
 *
 * The object itself holds no state. `S` is plain data: every call returns the next value and leaves the one
 * passed in as it was, so that a caller can store, compare or discard it. No call reads a clock or draws
 * randomness. An asynchronous call answers for the state it was given: the caller takes no other step of the
 * same conversation in between.
 *
 * It judges what a vote says, not whether its owner may vote: the caller first checks the owner against the
 * electorate and against the sender of the message, and the number of bundled votes against what it expects,
 * for each costs a signature verification.
 */
export interface ConsensusPlugin<S> {
  /**
   * How many proposals a conversation remembers, decided ones included, before the oldest are displaced. The
   * oldest are those that came first, whatever the wall clock says: one just opened is always remembered.
   */
  readonly maxSessions: number;

  /**
   * Checks that a conversation with these rules can honour all that this algorithm was configured with. It is asked
   * before a conversation is created. Absent where any conversation can.
   *
   * @param rules Those of all its proposals. They count by `"two-thirds"` where members of de-mls 3.0.0 may take part,
   *   who ask everyone and have no other rule; by `"majority"` where all members are of this project, and may agree on
   *   another algorithm.
   * @throws DemlsError `unsupported-consensus`, its field the option that a conversation cannot honour.
   */
  checkRules?(rules: ProposalRules): void;

  /** A conversation without a proposal. */
  empty(): S;

  /**
   * Opens a proposal of one's own, without a vote. May displace the oldest session.
   *
   * @throws DemlsError `invalid-expected-voters-count`, `invalid-timeout` (field `expirationSeconds`),
   *   `value-out-of-range` (field `proposalId`), `proposal-already-exist`.
   */
  open(state: S, request: OpenProposal, nowSeconds: bigint): OpenedProposal<S>;

  /**
   * Takes a proposal from the network with its bundled votes, all of them or none. May displace the oldest
   * session.
   */
  ingestProposal(state: S, proposal: Proposal, context: ConsensusContext): Promise<IngestResult<S>>;

  /** Takes a vote from the network. */
  ingestVote(state: S, vote: Vote, context: ConsensusContext): Promise<IngestResult<S>>;

  /**
   * Prepares this member's vote for signing. Counts nothing yet: `withSignature` completes the vote and
   * {@link ConsensusPlugin.admitOwnVote} counts it.
   *
   * @throws DemlsError `session-not-found`, `proposal-expired`, `user-already-voted`, `session-not-active`
   *   (in that order), `value-out-of-range` (field `voteId`).
   */
  castVote(state: S, proposalId: number, ballot: CastVote, nowSeconds: bigint): UnsignedVote;

  /**
   * Counts a vote that this member signed, without verifying it. Signing may have taken its time, so the
   * session can have expired, been decided or been displaced: then the vote is rejected, or accepted with the
   * decision that stands, as any late vote.
   */
  admitOwnVote(state: S, vote: Vote, nowSeconds: bigint): IngestResult<S>;

  /**
   * Decides a proposal that ran out of time; one decided already answers with that decision again.
   * The caller arms the timer.
   */
  onDeadline(state: S, proposalId: number, nowSeconds: bigint): DeadlineResult<S>;

  /** A proposal's count, or `undefined` where it is not remembered. */
  tally(state: S, proposalId: number): Tally | undefined;

  /** All proposals remembered, decided ones included, in the order in which they came. */
  proposals(state: S): readonly Tally[];

  /**
   * Who votes on a request: `expectedVoters` is their number. Order as in `members`, never empty.
   *
   * Every member asks it for itself, the proposer when it opens the proposal and the others when they take it in, and
   * all must come to the same. Of a member's own leave nobody is asked: who leaves decides it alone.
   *
   * @param request What is proposed, such as the removal of a member.
   * @param members Those of the group, its order.
   * @param stewards The list in force, members that are gone included; `undefined` where none is known.
   * @returns `undefined` where it depends on a list and there is none: the proposal then waits.
   */
  electorate(
    request: ChangeRequest,
    members: readonly MemberId[],
    stewards: readonly MemberId[] | undefined,
  ): readonly MemberId[] | undefined;

  /**
   * What other members may have decided that heard the same votes, in whatever order, and of those who are silent
   * here whatever they say. By it a commit is judged that does not do what this member has approved. Absent where
   * the same votes always give the same result.
   */
  possibleResults?(heard: VotesHeard): ReadonlySet<Decision["result"]>;

  /** Drops a proposal. Its id can then be opened or received anew. Unknown ids change nothing. */
  forget(state: S, proposalId: number): S;
}
