import type { Proposal, Vote } from "@demls/wire";
import { bytesEqual } from "@demls/wire/core";
import type { Tally } from "@demls/consensus";

/** A proposal and how it stands: plain data, as all that a conversation keeps. */
export interface Question {
  /** With the votes that were counted. */
  readonly proposal: Proposal;
  readonly result: Tally["state"];
}

/** The questions of one conversation by their ids, those that came first in front. */
export type Questions = ReadonlyMap<number, Question>;

/** A question with a vote more, and with its answer where more than half now say the same. */
export function counted({ proposal }: Question, vote: Vote): Question {
  const votes = [...proposal.votes, vote];
  const { yes, no } = count(votes);
  const half = proposal.expectedVotersCount / 2;
  const result = yes > half ? "yes" : no >= half ? "no" : "active";
  return { proposal: { ...proposal, votes }, result };
}

/** A question whose time is up: whoever was silent has said what the proposal makes of silence. */
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

/** With a question in the place of the one with its id, or else at the end. */
export function withQuestion(questions: Questions, question: Question): Questions {
  return new Map(questions).set(question.proposal.proposalId, question);
}

/** With the newest only: of those that may go, the first ones go. */
export function bounded(questions: Questions, max: number, keepsActive = false): Questions {
  const mayGo = [...questions].filter(([, { result }]) => !keepsActive || result !== "active");
  const gone = new Set(mayGo.slice(0, Math.max(0, questions.size - max)).map(([id]) => id));
  return new Map([...questions].filter(([id]) => !gone.has(id)));
}

function count(votes: readonly Vote[]): { readonly yes: number; readonly no: number } {
  const yes = votes.filter(({ vote }) => vote).length;
  return { yes, no: votes.length - yes };
}
