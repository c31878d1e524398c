import type { Proposal, Vote } from "@demls/wire";
import { DemlsError, type MemberId } from "@demls/wire/core";
import { consensusConfig, invalid, type ConsensusConfig } from "./config.js";
import {
  addBundledVotes,
  addVote,
  atDeadline,
  hasVoted,
  openSession,
  reachedDecision,
  tallyOf,
  type HashgraphSession,
  type SessionStep,
} from "./hashgraph-session.js";
import {
  addSession,
  EMPTY_STATE,
  findSession,
  removeSession,
  replaceSession,
  type HashgraphState,
} from "./hashgraph-state.js";
import { proposalOf } from "./open-proposal.js";
import type { DecisionRule } from "./outcome.js";
import type {
  ConsensusContext,
  ConsensusPlugin,
  DeadlineResult,
  Decision,
  IngestResult,
  OpenedProposal,
  OpenProposal,
} from "./plugin.js";
import { rulesOf } from "./proposal-rules.js";
import { possibleResults } from "./possible-results.js";
import { reachableResults } from "./reachable-results.js";
import { checkRules } from "./rule-check.js";
import { isExpired, validateProposal } from "./validate-proposal.js";
import { validateVote } from "./validate-vote.js";
import { prepareVote, type CastVote, type UnsignedVote } from "./vote.js";

/** Default algorithm with its configuration. */
export interface HashgraphConsensus extends ConsensusPlugin<HashgraphState> {
  readonly config: ConsensusConfig;
}

/** Options of {@link createHashgraphConsensus}. */
export interface HashgraphOptions extends ConsensusConfig {
  /**
   * Decision rule. It overrides the rule that a proposal is opened or received with ({@link OpenProposal.rules},
   * {@link ConsensusContext.rules}). All members of a conversation must use the same one. Members of de-mls 3.0.0 have a
   * fixed rule, so use it only in strict conversations.
   *
   * @defaultValue The proposal's rule, otherwise the reference's.
   */
  readonly decide: DecisionRule;
}

/**
 * Default algorithm: hashgraph-like-consensus 0.4.0, as in de-mls 3.0.0. The rule `"majority"` replaces the reference's
 * tally. `decide` replaces the decision; the format of votes, their validation and the eviction of proposals stay the
 * same.
 *
 * @param options Differences from {@link defaultConsensusConfig}, and the decision rule. A session keeps the threshold,
 *   the rounds and the rule that it was opened with.
 * @throws DemlsError as {@link consensusConfig}; `invalid-decision-rule` when `decide` is not a function.
 *
 * @example
 * ```ts
 * const consensus = createHashgraphConsensus();
 * const { state, proposal } = consensus.open(consensus.empty(), request, nowSeconds);
 * const ballot = { voter: signer.identity, choice: true, voteId };
 * const unsigned = consensus.castVote(state, proposal.proposalId, ballot, nowSeconds);
 * const vote = withSignature(unsigned, await signer.sign(unsigned.message));
 * const result = consensus.admitOwnVote(state, vote, nowSeconds);
 * ```
 *
 * @example
 * Three quarters decide, and silence never counts as yes:
 * ```ts
 * const consensus = createHashgraphConsensus({
 *  decide({ yes, no, expectedVoters, atDeadline }) {
 *    if (4 * yes >= 3 * expectedVoters) return true;
 *    return atDeadline || 4 * no > expectedVoters ? false : undefined;
 *  },
 * });
 * ```
 */
export function createHashgraphConsensus(options: Partial<HashgraphOptions> = {}): HashgraphConsensus {
  const { decide, ...changes } = options;
  const config = consensusConfig(changes);
  if (decide !== undefined && typeof decide !== "function") {
    throw invalid("invalid-decision-rule", "decide", "a function");
  }
  return {
    config,
    maxSessions: config.maxSessions,
    checkRules: (rules) => checkRules(rules, config, decide !== undefined),
    empty: () => EMPTY_STATE,
    open: (state, request, nowSeconds) => open(state, request, config, nowSeconds),
    ingestProposal: (state, proposal, context) => ingestProposal(state, proposal, config, context, decide),
    ingestVote: (state, vote, context) => ingestVote(state, vote, context, decide),
    castVote,
    admitOwnVote: (state, vote, nowSeconds) => admitOwnVote(state, vote, nowSeconds, decide),
    onDeadline: (state, proposalId) => onDeadline(state, proposalId, decide),
    tally(state, proposalId) {
      const session = findSession(state, proposalId);
      return session && tallyOf(session);
    },
    proposals: (state) => state.sessions.map(tallyOf),
    electorate: (_request, members: readonly MemberId[]) => members,
    possibleResults: (received) =>
      decide === undefined || config.networkType === "p2p"
        ? possibleResults(received, config)
        : reachableResults(received, config.threshold, decide),
    forget: removeSession,
  };
}

function open(
  state: HashgraphState,
  request: OpenProposal,
  config: ConsensusConfig,
  nowSeconds: bigint,
): OpenedProposal<HashgraphState> {
  const proposal = proposalOf(request, config.livenessCriteriaYes, nowSeconds);
  if (findSession(state, proposal.proposalId) !== undefined) {
    throw new DemlsError("proposal-already-exist", {
      message: `Proposal ${proposal.proposalId} is already open or remembered.`,
      field: "proposalId",
      remedy: "Draw another id. For a self-leave, wait for the pending one, or call `forget` first.",
    });
  }
  const { tally, keepsActive } = rulesOf(request.rules);
  const session = openSession(proposal, config, tally);
  return { state: addSession(state, session, config.maxSessions, keepsActive), proposal };
}

async function ingestProposal(
  state: HashgraphState,
  proposal: Proposal,
  config: ConsensusConfig,
  context: ConsensusContext,
  decide: DecisionRule | undefined,
): Promise<IngestResult<HashgraphState>> {
  if (findSession(state, proposal.proposalId) !== undefined) {
    return { kind: "rejected", state, code: "proposal-already-exist" };
  }
  const fault = await validateProposal(proposal, context);
  if (fault !== undefined) return { kind: "rejected", state, code: fault };
  const { tally, keepsActive } = rulesOf(context.rules);
  const opened = openSession(proposal, config, tally);
  const { session, refusal } = addBundledVotes(opened, proposal.votes, decide);
  if (refusal !== undefined) return { kind: "rejected", state, code: refusal };
  return accepted(addSession(state, session, config.maxSessions, keepsActive), session);
}

async function ingestVote(
  state: HashgraphState,
  vote: Vote,
  context: ConsensusContext,
  decide: DecisionRule | undefined,
): Promise<IngestResult<HashgraphState>> {
  const session = findSession(state, vote.proposalId);
  if (session === undefined) return { kind: "rejected", state, code: "session-not-found" };
  const fault = await validateVote(vote, session.proposal, context);
  if (fault !== undefined) return { kind: "rejected", state, code: fault };
  return afterVote(state, addVote(session, vote, context.nowSeconds, decide));
}

function castVote(
  state: HashgraphState,
  proposalId: number,
  ballot: CastVote,
  nowSeconds: bigint,
): UnsignedVote {
  const session = findSession(state, proposalId);
  if (session === undefined) {
    throw refusedBallot("session-not-found", "is not remembered", "Vote on a proposal that tally() returns.");
  }
  if (isExpired(session.proposal, nowSeconds)) {
    throw refusedBallot(
      "proposal-expired",
      "has expired and accepts no more votes",
      "Vote before its expiration.",
    );
  }
  if (hasVoted(session, ballot.voter)) {
    throw refusedBallot(
      "user-already-voted",
      "already has a vote of this voter",
      "A vote cannot be changed.",
    );
  }
  // The reference checks this after signing. Checking it first avoids a needless wallet prompt.
  if (session.state === "failed") {
    throw refusedBallot("session-not-active", "has failed", "Open a new proposal.");
  }
  return prepareVote(session.proposal, ballot, nowSeconds);
}

function refusedBallot<Code extends string>(code: Code, what: string, remedy: string): DemlsError<Code> {
  return new DemlsError(code, { message: `The proposal ${what}.`, field: "proposalId", remedy });
}

function admitOwnVote(
  state: HashgraphState,
  vote: Vote,
  nowSeconds: bigint,
  decide: DecisionRule | undefined,
): IngestResult<HashgraphState> {
  const session = findSession(state, vote.proposalId);
  if (session === undefined) return { kind: "rejected", state, code: "session-not-found" };
  return afterVote(state, addVote(session, vote, nowSeconds, decide));
}

function onDeadline(
  state: HashgraphState,
  proposalId: number,
  decide: DecisionRule | undefined,
): DeadlineResult<HashgraphState> {
  const session = findSession(state, proposalId);
  if (session === undefined) return { kind: "rejected", state, code: "session-not-found" };
  const ended = atDeadline(session, decide);
  const decision: Decision = reachedDecision(ended) ?? { proposalId, result: "failed" };
  return { kind: "decided", state: replaceSession(state, ended), decision };
}

function afterVote(state: HashgraphState, step: SessionStep): IngestResult<HashgraphState> {
  const next = replaceSession(state, step.session);
  if (step.refusal !== undefined) return { kind: "rejected", state: next, code: step.refusal };
  return accepted(next, step.session);
}

function accepted(state: HashgraphState, session: HashgraphSession): IngestResult<HashgraphState> {
  const decision = reachedDecision(session);
  return decision === undefined ? { kind: "accepted", state } : { kind: "accepted", state, decision };
}
