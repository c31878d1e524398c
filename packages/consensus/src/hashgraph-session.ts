import type { Proposal, Vote } from "@demls/wire";
import { bytesEqual, bytesToHex } from "@demls/wire/core";
import type { NetworkType, ProposalConfig } from "./config.js";
import type { ConsensusErrorCode } from "./error-code.js";
import type { Decision, Tally } from "./plugin.js";
import type { DecisionRule } from "./outcome.js";
import { exceedsRounds, FIRST_ROUND, roundAfter } from "./rounds.js";
import { decisionRuleOf, resultBy, type TallyRule } from "./tally-rule.js";
import { isExpired } from "./validate-proposal.js";

/** Voting session of one proposal, as plain data. */
export interface HashgraphSession {
  /** The proposal with the votes counted so far, at most one per owner, and the resulting round. */
  readonly proposal: Proposal;
  readonly state: Tally["state"];
  /** Configured when the session was opened. */
  readonly threshold: number;
  /** Configured when the session was opened. */
  readonly maxRounds: number;
  /** Configured when the session was opened. */
  readonly networkType: NetworkType;
  /** Tally rule named when the session was opened. */
  readonly rule: TallyRule;
}

/** Session after a vote was counted or rejected. A rejection may have failed it. */
export interface SessionStep {
  readonly session: HashgraphSession;
  readonly refusal?: ConsensusErrorCode;
}

/** Session in its first round. Ignores the votes in `proposal`; add them with {@link addBundledVotes}. */
export function openSession(proposal: Proposal, config: ProposalConfig, rule: TallyRule): HashgraphSession {
  return {
    proposal: { ...proposal, votes: [], round: FIRST_ROUND },
    state: "active",
    threshold: config.threshold,
    maxRounds: config.maxRounds,
    networkType: config.networkType,
    rule,
  };
}

/**
 * Counts all votes of a proposal accepted by {@link validateProposal}, or none of them.
 *
 * @param decide Replaces the session's rule when given.
 */
export function addBundledVotes(
  session: HashgraphSession,
  votes: readonly Vote[],
  decide: DecisionRule | undefined,
): SessionStep {
  if (votes.length === 0) return { session };
  const owners = new Set(votes.map((vote) => bytesToHex(vote.voteOwner)));
  if (owners.size < votes.length) return { session, refusal: "duplicate-vote" };
  if (isBeyondRounds(session, votes.length)) return failedByRounds(session);
  return { session: counted(session, votes, decide) };
}

/**
 * Counts one validated vote. Once the session is decided, a vote has no effect and is not a fault, even if its owner
 * voted before.
 *
 * @param decide Replaces the session's rule when given.
 */
export function addVote(
  session: HashgraphSession,
  vote: Vote,
  nowSeconds: bigint,
  decide: DecisionRule | undefined,
): SessionStep {
  if (session.state === "yes" || session.state === "no") return { session };
  if (session.state === "failed") return { session, refusal: "session-not-active" };
  if (isExpired(session.proposal, nowSeconds)) return { session, refusal: "proposal-expired" };
  if (isBeyondRounds(session, 1)) return failedByRounds(session);
  if (hasVoted(session, vote.voteOwner)) return { session, refusal: "duplicate-vote" };
  return { session: counted(session, [vote], decide) };
}

/**
 * Session after its deadline. A failed session is counted again; a decided one stays as it is.
 *
 * @param decide Replaces the session's rule when given.
 */
export function atDeadline(session: HashgraphSession, decide: DecisionRule | undefined): HashgraphSession {
  if (session.state === "yes" || session.state === "no") return session;
  return { ...session, state: result(session, true, decide) ?? "failed" };
}

/** Whether a vote of an owner is counted. */
export function hasVoted(session: HashgraphSession, owner: Uint8Array): boolean {
  return session.proposal.votes.some((vote) => bytesEqual(vote.voteOwner, owner));
}

/** Decision of the session, repeated on every call. Only the deadline reports a failure. */
export function reachedDecision({
  proposal,
  state,
}: HashgraphSession): (Decision & { readonly result: "yes" | "no" }) | undefined {
  if (state !== "yes" && state !== "no") return undefined;
  return { proposalId: proposal.proposalId, result: state };
}

/** Tallies so far. Every step asks for the tallies of all sessions, and changes few of them. */
const tallies = new WeakMap<HashgraphSession, Tally>();

/** Tally of the session. */
export function tallyOf(session: HashgraphSession): Tally {
  const known = tallies.get(session);
  if (known !== undefined) return known;
  const tally = countOf(session);
  tallies.set(session, tally);
  return tally;
}

function countOf({ proposal, state }: HashgraphSession): Tally {
  const yes = proposal.votes.filter(({ vote }) => vote).length;
  return {
    proposalId: proposal.proposalId,
    state,
    yes,
    no: proposal.votes.length - yes,
    expected: proposal.expectedVotersCount,
    votes: proposal.votes,
    proposal,
  };
}

function counted(
  session: HashgraphSession,
  votes: readonly Vote[],
  decide: DecisionRule | undefined,
): HashgraphSession {
  const { votes: before, round } = session.proposal;
  const proposal = {
    ...session.proposal,
    votes: [...before, ...votes],
    round: roundAfter(round, votes.length, session),
  };
  const grown = { ...session, proposal };
  return { ...grown, state: result(grown, false, decide) ?? "active" };
}

function result(
  session: HashgraphSession,
  atDeadline: boolean,
  decide: DecisionRule = decisionRuleOf(session.rule),
): "yes" | "no" | undefined {
  const { yes, no, expected } = tallyOf(session);
  return resultBy(decide, {
    yes,
    no,
    expectedVoters: expected,
    threshold: session.threshold,
    livenessCriteriaYes: session.proposal.livenessCriteriaYes,
    atDeadline,
  });
}

function isBeyondRounds(session: HashgraphSession, added: number): boolean {
  const { round, expectedVotersCount } = session.proposal;
  return exceedsRounds(round, added, expectedVotersCount, session);
}

function failedByRounds(session: HashgraphSession): SessionStep {
  return { session: { ...session, state: "failed" }, refusal: "max-rounds-exceeded" };
}
