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

/** One no decides no. Liveness decides for silent voters. */
const unanimity: DecisionRule = ({ yes, no, expectedVoters, livenessCriteriaYes, atDeadline }) => {
  if (no > 0) return false;
  if (yes >= expectedVoters) return true;
  return atDeadline ? livenessCriteriaYes : undefined;
};

/** The first vote decides; without a vote it is a no. */
const firstCome: DecisionRule = ({ yes, no, atDeadline }) =>
  yes + no > 0 ? yes > no : atDeadline ? false : undefined;

/** Two yes votes decide yes, unless half have voted no before. */
const hasty: DecisionRule = ({ yes, no, expectedVoters, atDeadline }) => {
  if (yes >= Math.min(2, expectedVoters)) return true;
  return atDeadline || 2 * no >= expectedVoters ? false : undefined;
};

/** Two yes votes are enough for any number of voters. */
const twoYeses: DecisionRule = ({ yes, no, expectedVoters, atDeadline }) => {
  if (yes >= Math.min(2, expectedVoters)) return true;
  return atDeadline || yes + no >= expectedVoters ? false : undefined;
};

/** The first member decides alone. No votes can be cast after the decision. */
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

/** Algorithms with one fault each, and the case that must detect it. */
const broken: readonly (readonly [string, Partial<Plugin>, string])[] = [
  [
    "accepts every signature",
    {
      ingestVote: (state, vote, context) => base.ingestVote(state, vote, { ...context, verifier: trusting }),
    },
    "rejects votes not signed by their owner, without throwing",
  ],
  [
    "throws for network input",
    {
      ingestVote(state, vote, context) {
        if (vote.voteOwner.length === 0) throw new TypeError("no owner");
        return base.ingestVote(state, vote, context);
      },
    },
    "rejects votes not signed by their owner, without throwing",
  ],
  [
    "counts only votes from the network",
    { admitOwnVote: (state) => ({ kind: "accepted", state }) },
    "counts own votes and votes from the network alike",
  ],
  [
    "counts own votes twice",
    {
      admitOwnVote(state, vote, now) {
        const result = base.admitOwnVote(state, vote, now);
        const twin = { ...vote, voteOwner: new Uint8Array(20).fill(99) };
        return result.kind === "accepted" ? base.admitOwnVote(result.state, twin, now) : result;
      },
    },
    "counts own votes and votes from the network alike",
  ],
  [
    "does not return the decision of an own vote",
    {
      admitOwnVote: (state, vote, now) => {
        const result = unanimous.admitOwnVote(state, vote, now);
        return result.kind === "accepted" ? { kind: "accepted", state: result.state } : result;
      },
      ingestVote: unanimous.ingestVote,
    },
    "counts own votes and votes from the network alike",
  ],
  [
    "lets a voter change its vote",
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
    "counts no voter twice, with the same choice or another",
  ],
  [
    "supports no rule",
    { checkRules: (rules) => createHashgraphConsensus({ threshold: 1 }).checkRules?.(rules) },
    "supports at least one rule, and names the unsupported option in its error",
  ],
  [
    "rejects a rule without naming a field",
    {
      checkRules({ tally }) {
        if (tally === "two-thirds") throw new TypeError("no");
      },
    },
    "supports at least one rule, and names the unsupported option in its error",
  ],
  [
    "accepts a proposal again",
    {
      ingestProposal: (state, proposal, context) =>
        base.ingestProposal(base.forget(state, 7), proposal, context),
    },
    "accepts another member's proposal once",
  ],
  [
    "ignores a proposal's votes",
    {
      ingestProposal: (state, proposal, context) =>
        base.ingestProposal(state, { ...proposal, votes: [] }, context),
    },
    "accepts a proposal with all of its votes or none",
  ],
  [
    "verifies only the last bundled vote",
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
    "accepts a proposal with all of its votes or none",
  ],
  [
    "drops a received proposal's payload",
    {
      ingestProposal: (state, proposal, context) =>
        base.ingestProposal(state, { ...proposal, payload: new Uint8Array() }, context),
    },
    "accepts another member's proposal once",
  ],
  [
    "changes a received proposal's liveness",
    {
      ingestProposal: (state, proposal, context) =>
        base.ingestProposal(state, { ...proposal, livenessCriteriaYes: true }, context),
    },
    "accepts another member's proposal once",
  ],
  [
    "accepts own votes at any time",
    { admitOwnVote: (state, vote) => base.admitOwnVote(state, vote, vote.timestamp) },
    "rejects a vote cast before its proposal or received after its expiration",
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
    "refuses to prepare a vote that would not count",
  ],
  [
    "accepts votes at any time",
    {
      ingestVote: (state, vote, context) =>
        base.ingestVote(state, vote, { ...context, nowSeconds: vote.timestamp }),
    },
    "rejects a vote cast before its proposal or received after its expiration",
  ],
  [
    "accepts expired proposals",
    {
      ingestProposal: (state, proposal, context) =>
        base.ingestProposal(state, proposal, { ...context, nowSeconds: proposal.timestamp }),
    },
    "rejects a proposal from its expiration second on",
  ],
  [
    "inverts the result",
    {
      tally(state, id) {
        const tally = base.tally(state, id);
        if (tally?.state !== "yes" && tally?.state !== "no") return tally;
        return { ...tally, state: tally.state === "yes" ? "no" : "yes" };
      },
    },
    "decides a unanimous ballot by its last vote at the latest",
  ],
  [
    "does not return its decision",
    {
      async ingestVote(state, vote, context) {
        const { decision: _, ...rest } = {
          decision: undefined,
          ...(await base.ingestVote(state, vote, context)),
        };
        return rest;
      },
    },
    "returns the decision with the vote that makes it",
  ],
  [
    "does not repeat a decision",
    {
      onDeadline(state, id, now) {
        const isOver = base.tally(state, id)?.state !== "active";
        return isOver
          ? { kind: "rejected", state, code: "session-not-found" }
          : base.onDeadline(state, id, now);
      },
    },
    "decides every proposal at its deadline, and repeats the decision",
  ],
  [
    "returns an empty electorate",
    { electorate: () => [] },
    "returns a non-empty electorate of members, in their order, for every request",
  ],
  [
    "reorders the electorate",
    { electorate: (_request, members) => members.toReversed() },
    "returns a non-empty electorate of members, in their order, for every request",
  ],
  [
    "returns an empty electorate for the removal of a non-member",
    {
      electorate: (request, members) =>
        request.kind === "remove" ? members.filter(() => members.includes(request.member)) : members,
    },
    "returns a non-empty electorate of members, in their order, for every request",
  ],
  [
    "throws for an emergency without evidence",
    {
      electorate(request, members) {
        if (request.kind === "emergency" && request.evidence === undefined) throw new TypeError();
        return members;
      },
    },
    "returns a non-empty electorate of members, in their order, for every request",
  ],
  [
    "includes former stewards in the electorate",
    { electorate: (_request, _members, stewards) => stewards },
    "returns a non-empty electorate of members, in their order, for every request",
  ],
  [
    "returns no possible result",
    { possibleResults: () => new Set() },
    "includes its own result in the possible results",
  ],
  [
    "never returns no as a possible result",
    {
      possibleResults: (heard) =>
        new Set([...(base.possibleResults?.(heard) ?? [])].filter((result) => result !== "no")),
    },
    "includes its own result in the possible results",
  ],
  [
    "decides by the first vote",
    createHashgraphConsensus({ decide: firstCome }),
    "decides a full ballot independently of the order of votes, if it supports the majority rule",
  ],
  [
    "decides by two yes votes, or by no votes that arrive first",
    createHashgraphConsensus({ decide: hasty }),
    "decides a full ballot independently of the order of votes, if it supports the majority rule",
  ],
  [
    "ignores the majority rule",
    {
      open: (state, { rules: _, ...request }, now) => base.open(state, request, now),
    },
    "decides a full ballot independently of the order of votes, if it supports the majority rule",
  ],
  [
    "forgets nothing",
    { forget: (state) => state },
    "forgets a proposal, which can then be opened or received again",
  ],
  ["exceeds `maxSessions`", { maxSessions: 3 }, "remembers the newest `maxSessions` proposals"],
  [
    "evicts open proposals",
    { open: (state, request, now) => base.open(state, { ...request, rules: {} }, now) },
    "evicts only decided proposals if requested",
  ],
  [
    "changes an opened proposal's liveness",
    { open: (state, request, now) => base.open(state, { ...request, livenessCriteriaYes: true }, now) },
    "opens a proposal as requested, without a vote",
  ],
  [
    "counts silence as yes against the proposal",
    createHashgraphConsensus({
      decide: ({ yes, no, expectedVoters, atDeadline }) =>
        atDeadline ? no === 0 : yes + no < expectedVoters ? undefined : yes > no,
    }),
    "decides no yes without a vote where silence counts as no, if it supports the majority rule",
  ],
  [
    "mutates the state passed in",
    {
      open(state, request, now) {
        const opened = base.open(state, request, now);
        if (state !== base.empty()) Object.assign(state, opened.state);
        return opened;
      },
    },
    "does not mutate the state passed in",
  ],
];

describe("the contract of consensus algorithms", () => {
  test.each(broken)("reports an implementation that %s", async (_what, changes, name) => {
    const asked = consensusContract(() => ({ ...base, ...changes })).find((each) => each.name === name);
    await expect(asked?.run()).rejects.toThrow();
  });

  test("reports an implementation with internal state", async () => {
    // Counts votes of all conversations, and drops one after the third.
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
    const memory = cases.find(({ name }) => name.startsWith("depends only on its arguments"));
    await expect(memory?.run()).rejects.toMatchObject({ code: "contract-broken" });
  });

  test("reports an implementation whose state cannot be stored", async () => {
    const votes = new WeakSet<object>();
    const create = (): Plugin => ({
      ...base,
      empty: () => ({ sessions: [], touch: () => votes }) as unknown as HashgraphState,
    });
    const cases = consensusContract(create);
    const copying = cases.find(({ name }) => name.startsWith("continues from a stored copy"));
    await expect(copying?.run()).rejects.toThrow();
  });
});
