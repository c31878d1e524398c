import {
  prepareVote,
  validateProposal,
  validateVote,
  type ConsensusPlugin,
  type Decision,
  type IngestResult,
  type OpenProposal,
} from "@demls/consensus";
import type { Proposal, Vote } from "@demls/wire";
import { DemlsError } from "@demls/wire/core";
import {
  bounded,
  counted,
  ended,
  hasVoted,
  tallyOf,
  withQuestion,
  type Question,
  type Questions,
} from "./questions.js";

const MAX_QUESTIONS = 10;

/** Largest values of a 32-bit and a 64-bit wire field. */
const [MAX_UINT32, MAX_UINT64] = [2 ** 32 - 1, 2n ** 64n - 1n];

/**
 * A custom consensus algorithm: a majority of the stewards decides on additions and removals. A vote ends as soon as
 * further votes cannot change its result. All members vote on steward elections and emergencies, since these may
 * concern the stewards themselves.
 *
 * The protocol defines the wire format, the signature and the expiry of a vote; this module uses the functions of
 * `@demls/consensus` for them. All members of a conversation must use the same algorithm.
 */
export function createStewardMajority(): ConsensusPlugin<Questions> {
  return {
    maxSessions: MAX_QUESTIONS,
    empty: () => new Map(),

    checkRules({ tally }) {
      if (tally === "majority") return;
      throw new DemlsError("unsupported-consensus", {
        message: "Members on de-mls 3.0.0 would ask all members to vote.",
        field: "consensus",
        remedy: 'Create the conversation with compatibility "strict".',
      });
    },

    electorate({ kind }, members, stewards) {
      if (kind !== "add" && kind !== "remove") return members;
      if (stewards === undefined) return undefined;
      const present = members.filter((member) => stewards.includes(member));
      return present.length > 0 ? present : members;
    },

    open(questions, request, nowSeconds) {
      const proposal = proposalOf(request, nowSeconds);
      if (questions.has(proposal.proposalId)) throw mistake("proposal-already-exist", "proposalId");
      const asked = withQuestion(questions, { proposal, result: "active" });
      return { state: bounded(asked, MAX_QUESTIONS, request.rules?.keepsActive), proposal };
    },

    async ingestProposal(questions, proposal, context) {
      if (questions.has(proposal.proposalId)) return rejected(questions, "proposal-already-exist");
      const fault = await validateProposal(proposal, context);
      if (fault !== undefined) return rejected(questions, fault);
      let question: Question = { proposal: { ...proposal, votes: [] }, result: "active" };
      for (const vote of proposal.votes) {
        if (hasVoted(question, vote.voteOwner)) return rejected(questions, "duplicate-vote");
        question = counted(question, vote);
      }
      const state = bounded(withQuestion(questions, question), MAX_QUESTIONS, context.rules?.keepsActive);
      return accepted(state, question);
    },

    async ingestVote(questions, vote, context) {
      const question = questions.get(vote.proposalId);
      if (question === undefined) return rejected(questions, "session-not-found");
      const fault = await validateVote(vote, question.proposal, context);
      return fault === undefined ? admit(questions, question, vote) : rejected(questions, fault);
    },

    castVote(questions, proposalId, ballot, nowSeconds) {
      const question = questions.get(proposalId);
      if (question === undefined) throw mistake("session-not-found", "proposalId");
      if (isExpired(question, nowSeconds)) throw mistake("proposal-expired", "proposalId");
      if (hasVoted(question, ballot.voter)) throw mistake("user-already-voted", "proposalId");
      return prepareVote(question.proposal, ballot, nowSeconds);
    },

    admitOwnVote(questions, vote, nowSeconds) {
      const question = questions.get(vote.proposalId);
      if (question === undefined) return rejected(questions, "session-not-found");
      if (isExpired(question, nowSeconds)) return rejected(questions, "proposal-expired");
      return admit(questions, question, vote);
    },

    onDeadline(questions, proposalId) {
      const question = questions.get(proposalId);
      if (question === undefined) return { kind: "rejected", state: questions, code: "session-not-found" };
      const over = ended(question);
      const decision = { proposalId, result: over.result as Decision["result"] };
      return { kind: "decided", state: withQuestion(questions, over), decision };
    },

    tally(questions, proposalId) {
      const question = questions.get(proposalId);
      return question && tallyOf(question);
    },

    proposals: (questions) => [...questions.values()].map(tallyOf),

    forget: (questions, proposalId) => new Map([...questions].filter(([id]) => id !== proposalId)),
  };
}

/** Counts a verified vote. A late vote has no effect and yields the existing decision. */
function admit(questions: Questions, question: Question, vote: Vote): IngestResult<Questions> {
  if (question.result !== "active") return accepted(questions, question);
  if (hasVoted(question, vote.voteOwner)) return rejected(questions, "duplicate-vote");
  const next = counted(question, vote);
  return accepted(withQuestion(questions, next), next);
}

function accepted(state: Questions, { proposal, result }: Question): IngestResult<Questions> {
  if (result === "active") return { kind: "accepted", state };
  return { kind: "accepted", state, decision: { proposalId: proposal.proposalId, result } };
}

type Rejection = Extract<IngestResult<Questions>, { kind: "rejected" }>;

function rejected(state: Questions, code: Rejection["code"]): Rejection {
  return { kind: "rejected", state, code };
}

function isExpired({ proposal }: Question, nowSeconds: bigint): boolean {
  return nowSeconds >= proposal.expirationTimestamp;
}

function proposalOf(request: OpenProposal, nowSeconds: bigint): Proposal {
  const { proposalId, expectedVoters, expirationSeconds, livenessCriteriaYes = true } = request;
  if (!isCount(expectedVoters)) throw mistake("invalid-expected-voters-count", "expectedVoters");
  if (expirationSeconds < 1n) throw mistake("invalid-timeout", "expirationSeconds");
  if (!isCount(proposalId) && proposalId !== 0) throw mistake("value-out-of-range", "proposalId");
  const expirationTimestamp = nowSeconds + expirationSeconds;
  return {
    name: request.name,
    payload: request.payload,
    proposalId,
    proposalOwner: request.owner,
    votes: [],
    expectedVotersCount: expectedVoters,
    round: 1,
    timestamp: nowSeconds,
    expirationTimestamp: expirationTimestamp > MAX_UINT64 ? MAX_UINT64 : expirationTimestamp,
    livenessCriteriaYes,
  };
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= MAX_UINT32;
}

function mistake<Code extends string>(code: Code, field: string): DemlsError<Code> {
  return new DemlsError(code, {
    message: `The vote was rejected: ${code}.`,
    field,
    remedy: "Check the tally first.",
  });
}
