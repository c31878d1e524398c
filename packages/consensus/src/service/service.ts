import type { Proposal, Vote } from "@demls/wire";
import type { Clock, RandomSource } from "@demls/wire/core";
import type { ConsensusBackend } from "./backend.js";
import type { ProposalConfig } from "../config.js";
import type { ConsensusErrorCode } from "../error-code.js";
import type { Decision, OpenProposal, Tally } from "../plugin.js";
import type { ScopeConfig } from "./scope-config.js";
import type { ConsensusStatistics } from "./statistics.js";

/** What {@link createConsensusService} is given. */
export interface ConsensusServiceOptions
  extends Pick<ConsensusBackend, "signer" | "scope">, Partial<Omit<ConsensusBackend, "signer" | "scope">> {
  /** The wall clock. */
  readonly clock: Pick<Clock, "wallMs">;
  /** Ids of proposals and votes come of it. Must be cryptographically strong outside tests. */
  readonly random: RandomSource;
  /**
   * Proposals remembered in one conversation, decided ones included, before the oldest are displaced, without a word:
   * at least 1.
   *
   * @defaultValue 10
   */
  readonly maxSessionsPerScope?: number;
}

/** A proposal of one's own, before it is created. */
export interface CreateProposalRequest extends Omit<OpenProposal, "proposalId" | "owner" | "rules"> {
  /** Identity bytes of the member that proposes. @defaultValue the signer's */
  readonly owner?: Uint8Array;
  /** @defaultValue the scope's, or that of the configuration it is created with */
  readonly livenessCriteriaYes?: boolean;
}

/** What became of a proposal or vote from the network. A late vote is accepted, with the decision that stands. */
export type IncomingOutcome =
  | { readonly kind: "accepted"; readonly decision?: Decision }
  | { readonly kind: "rejected"; readonly code: ConsensusErrorCode };

/** What became of a proposal whose time is up. */
export type TimeoutOutcome =
  | { readonly kind: "decided"; readonly decision: Decision }
  | { readonly kind: "rejected"; readonly code: "session-not-found" };

/**
 * One member's view of the votes in its conversations: `ConsensusPlugin`'s default algorithm with a place for its
 * state, a clock and a signer, for those who install `@demls/wire` and `@demls/consensus` alone. The counterpart of
 * `ConsensusService` in hashgraph-like-consensus 0.4.0; the README has a table of what became of each operation.
 *
 * It reaches no network and arms no timer: the caller publishes what it creates and casts, passes in what arrives, and
 * calls {@link ConsensusService.handleTimeout} when a proposal's time is up. As everywhere in this package, who may
 * vote is for the caller to check.
 *
 * A `conversationId` is any text that groups proposals. Whatever the storage rejects with, its caller gets.
 */
export interface ConsensusService {
  /** What it stands on: subscribe to its bus, or read its storage. */
  readonly backend: ConsensusBackend;

  /**
   * Creates a proposal without a vote. May displace the oldest.
   *
   * @param config By what it is counted in place of the scope's.
   * @returns The proposal to publish, by {@link ConsensusService.castVoteAndGetProposal} with one's vote in it.
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
   * @throws DemlsError as `ConsensusPlugin.castVote`, and where the session has changed while the signer took its
   *   time `proposal-expired`, `duplicate-vote`, `max-rounds-exceeded`, `session-not-active` or `session-not-found`;
   *   `empty-signature`; whatever the signer throws.
   */
  castVote(conversationId: string, proposalId: number, choice: boolean): Promise<Vote>;

  /** As {@link ConsensusService.castVote}, for the proposal with all votes counted so far. */
  castVoteAndGetProposal(conversationId: string, proposalId: number, choice: boolean): Promise<Proposal>;

  /** Takes in a proposal from the network with its votes, all of them or none. May displace the oldest. */
  processIncomingProposal(conversationId: string, proposal: Proposal): Promise<IncomingOutcome>;

  /** Takes in a vote from the network. */
  processIncomingVote(conversationId: string, vote: Vote): Promise<IncomingOutcome>;

  /**
   * Decides a proposal whose time is up; one that is decided answers with that again. What the rounds have failed is
   * counted once more, and may be reached.
   */
  handleTimeout(conversationId: string, proposalId: number): Promise<TimeoutOutcome>;

  /**
   * Configures the proposals that come from now on.
   *
   * @param changes Of what the scope was configured with, or of {@link GOSSIPSUB_SCOPE}; see {@link scopeConfig}.
   * @returns What holds now.
   * @throws DemlsError as {@link scopeConfig}.
   */
  configure(conversationId: string, changes: Partial<ScopeConfig>): Promise<ScopeConfig>;

  /** What proposals are counted by: what was configured, or {@link GOSSIPSUB_SCOPE}. */
  config(conversationId: string): Promise<ScopeConfig>;

  /** A proposal with its count and how it stands; `undefined` where it is not remembered. */
  tally(conversationId: string, proposalId: number): Promise<Tally | undefined>;

  /**
   * What a proposal is counted by; `undefined` where it is not remembered. `timeoutMs` is the proposal's lifetime, up to
   * 2^31-1 ms, the longest that a timer can wait: the time that a proposal from the network claims has no bound.
   */
  proposalConfig(conversationId: string, proposalId: number): Promise<ProposalConfig | undefined>;

  /** All proposals that still take votes, those that came first in front. */
  activeProposals(conversationId: string): Promise<readonly Proposal[]>;

  /** What was decided, by proposal id. */
  reachedProposals(conversationId: string): Promise<ReadonlyMap<number, "yes" | "no">>;

  /** How many proposals stand how; all zero for a conversation that has none. */
  statistics(conversationId: string): Promise<ConsensusStatistics>;

  /** Forgets a conversation: its proposals, decided ones too, and its configuration. */
  deleteScope(conversationId: string): Promise<void>;
}
