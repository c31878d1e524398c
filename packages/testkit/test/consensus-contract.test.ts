import {
  createHashgraphConsensus,
  createStewardConsensus,
  prepareVote,
  type ConsensusPlugin,
  type DecisionRule,
  type HashgraphState,
  type VoteVerifier,
} from "@demls/consensus";
import { DemlsError } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { consensusContract } from "../src/index.js";

type Plugin = ConsensusPlugin<HashgraphState>;

const base = createHashgraphConsensus();

/** One objection is a no, and silence alone is what liveness says. */
const unanimity: DecisionRule = ({ yes, no, expectedVoters, livenessCriteriaYes, atDeadline }) => {
  if (no > 0) return false;
  if (yes >= expectedVoters) return true;
  return atDeadline ? livenessCriteriaYes : undefined;
};

/** The first vote decides; without a vote it is a no. */
const firstCome: DecisionRule = ({ yes, no, atDeadline }) =>
  yes + no > 0 ? yes > no : atDeadline ? false : undefined;

/** Two yeses decide, unless half have said no before. */
const hasty: DecisionRule = ({ yes, no, expectedVoters, atDeadline }) => {
  if (yes >= Math.min(2, expectedVoters)) return true;
  return atDeadline || 2 * no >= expectedVoters ? false : undefined;
};

/** Two yeses are enough, however many may vote. */
const twoYeses: DecisionRule = ({ yes, no, expectedVoters, atDeadline }) => {
  if (yes >= Math.min(2, expectedVoters)) return true;
  return atDeadline || yes + no >= expectedVoters ? false : undefined;
};

/** One that the first of the members decides alone, and on which no more votes are cast once it is decided. */
function createFoundersWord(): Plugin {
  return {
    ...base,
    electorate: (_request, members) => members.slice(0, 1),
    castVote(state, proposalId, ballot, now) {
      const unsigned = base.castVote(state, proposalId, ballot, now);
      if (base.tally(state, proposalId)?.state === "active") return unsigned;
      throw new DemlsError("session-not-active", { message: "It is decided." });
    },
  };
}

const sound: readonly (readonly [string, () => Plugin])[] = [
  ["the default algorithm", createHashgraphConsensus],
  [
    "the default algorithm in p2p networks",
    () => createHashgraphConsensus({ networkType: "p2p", maxRounds: 9 }),
  ],
  ["the default algorithm with few sessions", () => createHashgraphConsensus({ maxSessions: 2 })],
  ["the default algorithm with an electorate of stewards", createStewardConsensus],
  ["unanimity", () => createHashgraphConsensus({ decide: unanimity })],
  ["any two yeses", () => createHashgraphConsensus({ decide: twoYeses })],
  ["unanimity of stewards", () => createStewardConsensus({ decide: unanimity })],
  ["the founder's word", createFoundersWord],
];

describe.each(sound)("%s", (_name, create) => {
  for (const { name, run } of consensusContract(create)) test(name, run);
});

const trusting: VoteVerifier = { verify: () => "valid" };

const unanimous = createHashgraphConsensus({ decide: unanimity });

/** Algorithms with one thing wrong each, and a case that must find it. */
const broken: readonly (readonly [string, Partial<Plugin>, string])[] = [
  [
    "believes every signature",
    {
      ingestVote: (state, vote, context) => base.ingestVote(state, vote, { ...context, verifier: trusting }),
    },
    "takes no vote that its owner did not sign, and throws at none",
  ],
  [
    "throws at what the network brings",
    {
      ingestVote(state, vote, context) {
        if (vote.voteOwner.length === 0) throw new TypeError("no owner");
        return base.ingestVote(state, vote, context);
      },
    },
    "takes no vote that its owner did not sign, and throws at none",
  ],
  [
    "counts the votes of the network only",
    { admitOwnVote: (state) => ({ kind: "accepted", state }) },
    "counts its own vote and one from the network alike",
  ],
  [
    "counts what it votes itself twice",
    {
      admitOwnVote(state, vote, now) {
        const result = base.admitOwnVote(state, vote, now);
        const twin = { ...vote, voteOwner: new Uint8Array(20).fill(99) };
        return result.kind === "accepted" ? base.admitOwnVote(result.state, twin, now) : result;
      },
    },
    "counts its own vote and one from the network alike",
  ],
  [
    "keeps to itself what its own vote has decided",
    {
      admitOwnVote: (state, vote, now) => {
        const result = unanimous.admitOwnVote(state, vote, now);
        return result.kind === "accepted" ? { kind: "accepted", state: result.state } : result;
      },
      ingestVote: unanimous.ingestVote,
    },
    "counts its own vote and one from the network alike",
  ],
  [
    "lets a voter have second thoughts",
    {
      async ingestVote(state, vote, context) {
        const result = await base.ingestVote(state, vote, context);
        if (result.kind === "accepted" || result.code !== "duplicate-vote") return result;
        const { proposal } = base.tally(state, vote.proposalId) ?? {};
        if (proposal === undefined) return result;
        return base.ingestProposal(
          base.forget(state, vote.proposalId),
          { ...proposal, votes: [vote] },
          context,
        );
      },
    },
    "counts no voter twice, whatever it says the second time",
  ],
  [
    "cannot serve anyone",
    { checkRules: (rules) => createHashgraphConsensus({ threshold: 1 }).checkRules?.(rules) },
    "can serve conversations by one rule at least, and says by its error which option others cannot honour",
  ],
  [
    "refuses to serve without a word",
    {
      checkRules({ tally }) {
        if (tally === "two-thirds") throw new TypeError("no");
      },
    },
    "can serve conversations by one rule at least, and says by its error which option others cannot honour",
  ],
  [
    "takes a proposal again",
    {
      ingestProposal: (state, proposal, context) =>
        base.ingestProposal(base.forget(state, 7), proposal, context),
    },
    "takes a proposal of another's once",
  ],
  [
    "takes a proposal without its votes",
    {
      ingestProposal: (state, proposal, context) =>
        base.ingestProposal(state, { ...proposal, votes: [] }, context),
    },
    "takes a proposal with its votes, all of them or none",
  ],
  [
    "believes every vote that comes with a proposal but the last",
    {
      ingestProposal(state, proposal, context) {
        let judged = 0;
        const verifier: VoteVerifier = {
          verify: (...args) =>
            ++judged < proposal.votes.length ? "valid" : context.verifier.verify(...args),
        };
        return base.ingestProposal(state, proposal, { ...context, verifier });
      },
    },
    "takes a proposal with its votes, all of them or none",
  ],
  [
    "takes a proposal without its payload",
    {
      ingestProposal: (state, proposal, context) =>
        base.ingestProposal(state, { ...proposal, payload: new Uint8Array() }, context),
    },
    "takes a proposal of another's once",
  ],
  [
    "takes a proposal with a liveness of its own",
    {
      ingestProposal: (state, proposal, context) =>
        base.ingestProposal(state, { ...proposal, livenessCriteriaYes: true }, context),
    },
    "takes a proposal of another's once",
  ],
  [
    "takes its own votes at any time",
    { admitOwnVote: (state, vote) => base.admitOwnVote(state, vote, vote.timestamp) },
    "takes no vote that was cast before its proposal, or came after its expiration",
  ],
  [
    "lets a member sign twice",
    {
      castVote(state, proposalId, ballot, now) {
        const proposal = base.tally(state, proposalId)?.proposal;
        return proposal === undefined
          ? base.castVote(state, proposalId, ballot, now)
          : prepareVote(proposal, ballot, now);
      },
    },
    "lets nobody sign a vote in vain",
  ],
  [
    "takes votes for good at any time",
    {
      ingestVote: (state, vote, context) =>
        base.ingestVote(state, vote, { ...context, nowSeconds: vote.timestamp }),
    },
    "takes no vote that was cast before its proposal, or came after its expiration",
  ],
  [
    "takes expired proposals",
    {
      ingestProposal: (state, proposal, context) =>
        base.ingestProposal(state, proposal, { ...context, nowSeconds: proposal.timestamp }),
    },
    "rejects a proposal that has expired, from the very second on",
  ],
  [
    "decides by the voters in reverse",
    {
      tally(state, id) {
        const tally = base.tally(state, id);
        if (tally?.state !== "yes" && tally?.state !== "no") return tally;
        return { ...tally, state: tally.state === "yes" ? "no" : "yes" };
      },
    },
    "decides as all voters say, by the last vote at the latest",
  ],
  [
    "keeps its decision to itself",
    {
      async ingestVote(state, vote, context) {
        const { decision: _, ...rest } = {
          decision: undefined,
          ...(await base.ingestVote(state, vote, context)),
        };
        return rest;
      },
    },
    "tells with a vote what the vote has decided",
  ],
  [
    "decides no proposal again",
    {
      onDeadline(state, id, now) {
        const isOver = base.tally(state, id)?.state !== "active";
        return isOver
          ? { kind: "rejected", state, code: "session-not-found" }
          : base.onDeadline(state, id, now);
      },
    },
    "decides every proposal at its deadline, and the same again",
  ],
  [
    "asks nobody",
    { electorate: () => [] },
    "asks of members those that it names, in their order, and never nobody, whatever the request",
  ],
  [
    "asks members in an order of its own",
    { electorate: (_request, members) => members.toReversed() },
    "asks of members those that it names, in their order, and never nobody, whatever the request",
  ],
  [
    "asks nobody of the removal of one that is no member",
    {
      electorate: (request, members) =>
        request.kind === "remove" ? members.filter(() => members.includes(request.member)) : members,
    },
    "asks of members those that it names, in their order, and never nobody, whatever the request",
  ],
  [
    "throws at an emergency without evidence",
    {
      electorate(request, members) {
        if (request.kind === "emergency" && request.evidence === undefined) throw new TypeError();
        return members;
      },
    },
    "asks of members those that it names, in their order, and never nobody, whatever the request",
  ],
  [
    "asks stewards that are gone",
    { electorate: (_request, _members, stewards) => stewards },
    "asks of members those that it names, in their order, and never nobody, whatever the request",
  ],
  [
    "holds nothing possible",
    { possibleResults: () => new Set() },
    "holds possible what it has come to itself, where it says what is",
  ],
  [
    "never holds a no possible",
    {
      possibleResults: (heard) =>
        new Set([...(base.possibleResults?.(heard) ?? [])].filter((result) => result !== "no")),
    },
    "holds possible what it has come to itself, where it says what is",
  ],
  [
    "goes by the first vote",
    createHashgraphConsensus({ decide: firstCome }),
    "decides a full ballot alike in any order of its votes, unless it refuses to count by more than half",
  ],
  [
    "goes by two yeses, or by the noes where these come first",
    createHashgraphConsensus({ decide: hasty }),
    "decides a full ballot alike in any order of its votes, unless it refuses to count by more than half",
  ],
  [
    "counts by two thirds, whatever rule it is told",
    {
      open: (state, { rules: _, ...request }, now) => base.open(state, request, now),
    },
    "decides a full ballot alike in any order of its votes, unless it refuses to count by more than half",
  ],
  [
    "forgets nothing",
    { forget: (state) => state },
    "forgets a proposal, which can then be opened or taken anew",
  ],
  [
    "remembers more than it says",
    { maxSessions: 3 },
    "remembers as many proposals as it says, and of those the newest",
  ],
  [
    "displaces what is open",
    { open: (state, request, now) => base.open(state, { ...request, rules: {} }, now) },
    "lets only what is over give way, where it is told to",
  ],
  [
    "opens with a liveness of its own",
    { open: (state, request, now) => base.open(state, { ...request, livenessCriteriaYes: true }, now) },
    "opens a proposal as it was asked to, without a vote",
  ],
  [
    "changes the state that it was given",
    {
      open(state, request, now) {
        const opened = base.open(state, request, now);
        if (state !== base.empty()) Object.assign(state, opened.state);
        return opened;
      },
    },
    "leaves the state that it was given as it was",
  ],
];

describe("the contract of consensus algorithms", () => {
  test.each(broken)("is broken by one that %s", async (_what, changes, name) => {
    const asked = consensusContract(() => ({ ...base, ...changes })).find((each) => each.name === name);
    await expect(asked?.run()).rejects.toThrow();
  });

  test("is broken by one with a memory of its own", async () => {
    // Counts what all conversations have voted, and gives a vote away after the third.
    const create = (): Plugin => {
      let counted = 0;
      return {
        ...base,
        async ingestVote(state, vote, context) {
          counted++;
          return counted > 3 ? { kind: "accepted", state } : base.ingestVote(state, vote, context);
        },
      };
    };
    const cases = consensusContract(create);
    const memory = cases.find(({ name }) => name.startsWith("goes by nothing but"));
    await expect(memory?.run()).rejects.toMatchObject({ code: "contract-broken" });
  });

  test("is broken by one whose state cannot be stored", async () => {
    const votes = new WeakSet<object>();
    const create = (): Plugin => ({
      ...base,
      empty: () => ({ sessions: [], touch: () => votes }) as unknown as HashgraphState,
    });
    const cases = consensusContract(create);
    const copying = cases.find(({ name }) => name.startsWith("goes on from a copy"));
    await expect(copying?.run()).rejects.toThrow();
  });
});
