import type { Proposal, Vote } from "@demls/wire";
import { bytesEqual } from "@demls/wire/core";
import type { Tally } from "@demls/consensus";

/** A proposal and its result so far. Plain data, since a conversation stores it. */
export interface Question {
  /** The proposal with its counted votes. */
  readonly proposal: Proposal;
  readonly result: Tally["state"];
}

/** The questions of one conversation by id, oldest first. */
export type Questions = ReadonlyMap<number, Question>;

/** Adds a vote to a question, and decides it if more than half now vote the same. */
export function counted({ proposal }: Question, vote: Vote): Question {
  const votes = [...proposal.votes, vote];
  const { yes, no } = count(votes);
  const half = proposal.expectedVotersCount / 2;
  const result = yes > half ? "yes" : no >= half ? "no" : "active";
  return { proposal: { ...proposal, votes }, result };
}

/** Decides a question at its deadline. Missing votes count as the proposal's liveness setting. */
export function ended(question: Question): Question {
  if (question.result !== "active") return question;
  const { votes, expectedVotersCount, livenessCriteriaYes } = question.proposal;
  const { yes, no } = count(votes);
  const agreeing = livenessCriteriaYes ? expectedVotersCount - no : yes;
  return { ...question, result: agreeing > expectedVotersCount / 2 ? "yes" : "no" };
}

export function hasVoted({ proposal }: Question, voter: Uint8Array): boolean {
  return proposal.votes.some(({ voteOwner }) => bytesEqual(voteOwner, voter));
}

export function tallyOf({ proposal, result }: Question): Tally {
  const { proposalId, votes, expectedVotersCount: expected } = proposal;
  return { proposalId, state: result, ...count(votes), expected, votes, proposal };
}

/** Replaces the question with the same id, or appends the question. */
export function withQuestion(questions: Questions, question: Question): Questions {
  return new Map(questions).set(question.proposal.proposalId, question);
}

/** Keeps the newest questions; evicts the oldest of the evictable ones. */
export function bounded(questions: Questions, max: number, keepsActive = false): Questions {
  const mayGo = [...questions].filter(([, { result }]) => !keepsActive || result !== "active");
  const gone = new Set(mayGo.slice(0, Math.max(0, questions.size - max)).map(([id]) => id));
  return new Map([...questions].filter(([id]) => !gone.has(id)));
}

function count(votes: readonly Vote[]): { readonly yes: number; readonly no: number } {
  const yes = votes.filter(({ vote }) => vote).length;
  return { yes, no: votes.length - yes };
}
