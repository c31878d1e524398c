import type { Proposal, Vote } from "@demls/wire";
import type { Clock, RandomSource } from "@demls/wire/core";
import type { ConsensusBackend } from "./backend.js";
import type { ProposalConfig } from "../config.js";
import type { ConsensusErrorCode } from "../error-code.js";
import type { Decision, OpenProposal, Tally } from "../plugin.js";
import type { ScopeConfig } from "./scope-config.js";
import type { ConsensusStatistics } from "./statistics.js";

/** Options of {@link createConsensusService}. */
export interface ConsensusServiceOptions
  extends Pick<ConsensusBackend, "signer" | "scope">, Partial<Omit<ConsensusBackend, "signer" | "scope">> {
  /** Wall clock. */
  readonly clock: Pick<Clock, "wallMs">;
  /** Source of proposal and vote ids. Must be cryptographically strong outside tests. */
  readonly random: RandomSource;
  /**
   * Maximum number of proposals remembered in one conversation, decided ones included, at least 1. Above it the oldest
   * are evicted without an event.
   *
   * @defaultValue 10
   */
  readonly maxSessionsPerScope?: number;
}

/** Parameters of an own proposal. */
export interface CreateProposalRequest extends Omit<OpenProposal, "proposalId" | "owner" | "rules"> {
  /** Identity bytes of the proposer. @defaultValue the signer's */
  readonly owner?: Uint8Array;
  /** @defaultValue that of the configuration passed with the request, otherwise the scope's */
  readonly livenessCriteriaYes?: boolean;
}

/** Result of receiving a proposal or vote. A late vote is accepted, with the existing decision. */
export type IncomingOutcome =
  | { readonly kind: "accepted"; readonly decision?: Decision }
  | { readonly kind: "rejected"; readonly code: ConsensusErrorCode };

/** Result of a proposal's deadline. */
export type TimeoutOutcome =
  | { readonly kind: "decided"; readonly decision: Decision }
  | { readonly kind: "rejected"; readonly code: "session-not-found" };

/**
 * One member's view of the votes in its conversations: `ConsensusPlugin`'s default algorithm with storage, a clock and
 * a signer. For applications that install only `@demls/wire` and `@demls/consensus`. The counterpart of
 * `ConsensusService` in hashgraph-like-consensus 0.4.0; the README maps each of its operations.
 *
 * It does not use the network and arms no timer. The caller publishes own proposals and votes, passes in received ones,
 * and calls {@link ConsensusService.handleTimeout} at each deadline. As everywhere in this package, the caller checks
 * whether a member may vote.
 *
 * A `conversationId` is any text that groups proposals. If the storage rejects, the call rejects with the same error.
 */
export interface ConsensusService {
  /** Dependencies in use: subscribe to the bus, or read the storage. */
  readonly backend: ConsensusBackend;

  /**
   * Creates a proposal without a vote. May evict the oldest.
   *
   * @param config Replaces the scope's configuration.
   * @returns The proposal; {@link ConsensusService.castVoteAndGetProposal} returns it with the own vote, ready to
   *   publish.
   * @throws DemlsError as `ConsensusPlugin.open` and `consensusConfig`.
   */
  createProposal(
    conversationId: string,
    request: CreateProposalRequest,
    config?: ProposalConfig,
  ): Promise<Proposal>;

  /**
   * Signs and counts this member's vote.
   *
   * @returns The vote to publish.
   * @throws DemlsError as `ConsensusPlugin.castVote`. If the session changed while the vote was being signed:
   *   `proposal-expired`, `duplicate-vote`, `max-rounds-exceeded`, `session-not-active` or `session-not-found`. Also
   *   `empty-signature`, and any error of the signer.
   */
  castVote(conversationId: string, proposalId: number, choice: boolean): Promise<Vote>;

  /** {@link ConsensusService.castVote} that returns the proposal with all votes counted so far. */
  castVoteAndGetProposal(conversationId: string, proposalId: number, choice: boolean): Promise<Proposal>;

  /** Receives a proposal from the network with its votes, all of them or none. May evict the oldest. */
  processIncomingProposal(conversationId: string, proposal: Proposal): Promise<IncomingOutcome>;

  /** Receives a vote from the network. */
  processIncomingVote(conversationId: string, vote: Vote): Promise<IncomingOutcome>;

  /**
   * Decides a proposal at its deadline. A decided proposal returns its decision again. A proposal that failed by its
   * rounds is counted once more, and may get a decision.
   */
  handleTimeout(conversationId: string, proposalId: number): Promise<TimeoutOutcome>;

  /**
   * Configures later proposals.
   *
   * @param changes Changes to the scope's configuration, or to {@link GOSSIPSUB_SCOPE}; see {@link scopeConfig}.
   * @returns The new configuration.
   * @throws DemlsError as {@link scopeConfig}.
   */
  configure(conversationId: string, changes: Partial<ScopeConfig>): Promise<ScopeConfig>;

  /** Configuration of a conversation's proposals, {@link GOSSIPSUB_SCOPE} by default. */
  config(conversationId: string): Promise<ScopeConfig>;

  /** Tally and state of a proposal; `undefined` if it is not remembered. */
  tally(conversationId: string, proposalId: number): Promise<Tally | undefined>;

  /**
   * Configuration of a proposal; `undefined` if it is not remembered. `timeoutMs` is the proposal's lifetime. It is
   * capped to 2^31-1 ms, the longest timer, since proposals from the network may have any lifetime.
   */
  proposalConfig(conversationId: string, proposalId: number): Promise<ProposalConfig | undefined>;

  /** Proposals that still accept votes, oldest first. */
  activeProposals(conversationId: string): Promise<readonly Proposal[]>;

  /** Decisions by proposal id. */
  reachedProposals(conversationId: string): Promise<ReadonlyMap<number, "yes" | "no">>;

  /** Number of proposals per state; all zero for a conversation without proposals. */
  statistics(conversationId: string): Promise<ConsensusStatistics>;

  /** Deletes a conversation: its proposals, decided ones included, and its configuration. */
  deleteScope(conversationId: string): Promise<void>;
}
