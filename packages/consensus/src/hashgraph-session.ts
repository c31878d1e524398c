import type { Proposal, Vote } from "@demls/wire";
import { bytesEqual, bytesToHex } from "@demls/wire/core";
import type { NetworkType, ProposalConfig } from "./config.js";
import type { ConsensusErrorCode } from "./error-code.js";
import type { Decision, Tally } from "./plugin.js";
import type { DecisionRule } from "./outcome.js";
import { exceedsRounds, FIRST_ROUND, roundAfter } from "./rounds.js";
import { decisionRuleOf, resultBy, type TallyRule } from "./tally-rule.js";
import { isExpired } from "./validate-proposal.js";

/** One proposal's vote: plain data. */
export interface HashgraphSession {
  /** With the votes counted so far, at most one for each owner, and the round that they make. */
  readonly proposal: Proposal;
  readonly state: Tally["state"];
  /** As configured when it was opened. */
  readonly threshold: number;
  /** As configured when it was opened. */
  readonly maxRounds: number;
  /** As configured when it was opened. */
  readonly networkType: NetworkType;
  /** As named when it was opened. */
  readonly rule: TallyRule;
}

/** A session after a vote, or after one was refused; the refusal may have failed it. */
export interface SessionStep {
  readonly session: HashgraphSession;
  readonly refusal?: ConsensusErrorCode;
}

/** A session in its first round. Votes in `proposal` are left out: {@link addBundledVotes} adds them. */
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
 * Counts all votes of a proposal that {@link validateProposal} found good, or none of them.
 *
 * @param decide In place of the session's rule, where there is one.
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
 * Counts one vote that was checked before. Once the session is decided a vote changes nothing and is no
 * fault, not even of an owner who voted before.
 *
 * @param decide In place of the session's rule, where there is one.
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
 * The session once its time is up. A failed one is counted again, a decided one stands.
 *
 * @param decide In place of the session's rule, where there is one.
 */
export function atDeadline(session: HashgraphSession, decide: DecisionRule | undefined): HashgraphSession {
  if (session.state === "yes" || session.state === "no") return session;
  return { ...session, state: result(session, true, decide) ?? "failed" };
}

/** Whether an owner's vote is counted. */
export function hasVoted(session: HashgraphSession, owner: Uint8Array): boolean {
  return session.proposal.votes.some((vote) => bytesEqual(vote.voteOwner, owner));
}

/** What the session has decided, again on every call. A failure is announced by the deadline only. */
export function reachedDecision({
  proposal,
  state,
}: HashgraphSession): (Decision & { readonly result: "yes" | "no" }) | undefined {
  if (state !== "yes" && state !== "no") return undefined;
  return { proposalId: proposal.proposalId, result: state };
}

/** The session's count. */
export function tallyOf({ proposal, state }: HashgraphSession): Tally {
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
