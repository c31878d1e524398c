import type { ConsensusPlugin, OpenProposal } from "@demls/consensus";
import type { Vote } from "@demls/wire";
import {
  carried,
  contextAt,
  expectRejected,
  LIFETIME_SECONDS,
  membersOf,
  NOW,
  requestFor,
  signedVote,
  standing,
  taken,
  tallyIn,
} from "./consensus-voters.js";
import { expectEqual, expectMistake, type ContractCase } from "./contract-case.js";

/** Cases about opening, receiving and forgetting proposals. */
export function proposalCases<S>(create: () => ConsensusPlugin<S>): ContractCase[] {
  return [
    {
      name: "starts without proposals",
      async run() {
        const consensus = create();
        const state = consensus.empty();
        expectEqual(consensus.proposals(state), [], "The proposals");
        expectEqual(consensus.tally(state, 7), undefined, "The tally of one");
        const ended = consensus.onDeadline(state, 7, NOW);
        expectEqual(ended, { kind: "rejected", state, code: "session-not-found" }, "A deadline");
        expectEqual(consensus.forget(state, 7), state, "The state without one");
      },
    },
    {
      name: "opens a proposal as requested, without a vote",
      async run() {
        const consensus = create();
        for (const livenessCriteriaYes of [true, false]) {
          const request = requestFor(5, { livenessCriteriaYes });
          const { state, proposal } = consensus.open(consensus.empty(), request, NOW);
          const expected = {
            name: request.name,
            payload: request.payload,
            proposalId: 7,
            proposalOwner: request.owner,
            votes: [],
            expectedVotersCount: 5,
            round: 1,
            timestamp: NOW,
            expirationTimestamp: NOW + LIFETIME_SECONDS,
            livenessCriteriaYes,
          };
          expectEqual(proposal, expected, "The proposal to publish");
          expectEqual(
            standing(tallyIn(consensus, state)),
            { state: "active", yes: 0, no: 0, expected: 5 },
            "It",
          );
          expectEqual(tallyIn(consensus, state).proposal, expected, "The proposal in its tally");
          const ids = consensus.proposals(state).map(({ proposalId }) => proposalId);
          expectEqual(ids, [7], "The proposals");
        }
      },
    },
    {
      name: "rejects opening a proposal without voters, without time, or with a known id",
      async run() {
        const consensus = create();
        const { state } = consensus.open(consensus.empty(), requestFor(3), NOW);
        const cases: readonly (readonly [Partial<OpenProposal>, string])[] = [
          [{ expectedVoters: 0 }, "invalid-expected-voters-count"],
          [{ expirationSeconds: 0n }, "invalid-timeout"],
          [{ proposalId: -1 }, "value-out-of-range"],
          [{}, "proposal-already-exist"],
        ];
        for (const [changes, code] of cases) {
          await expectMistake(() => consensus.open(state, requestFor(3, changes), NOW), code);
        }
      },
    },
    {
      name: "accepts another member's proposal once",
      async run() {
        const [hers, his] = [create(), create()];
        for (const livenessCriteriaYes of [true, false]) {
          const { state, proposal } = hers.open(hers.empty(), requestFor(3, { livenessCriteriaYes }), NOW);
          const first = await his.ingestProposal(his.empty(), carried(proposal), contextAt());
          const after = taken(first, "A proposal");
          expectEqual(standing(tallyIn(his, after)), standing(tallyIn(hers, state)), "The tally there");
          expectEqual(tallyIn(his, after).proposal, proposal, "The proposal in its tally there");
          const again = await his.ingestProposal(after, carried(proposal), contextAt());
          expectRejected(again, after, "the same proposal again", "proposal-already-exist");
        }
      },
    },
    {
      name: "accepts a proposal with all of its votes or none",
      async run() {
        const consensus = create();
        let { state } = consensus.open(consensus.empty(), requestFor(5), NOW);
        for (const voter of membersOf(2)) {
          if (tallyIn(consensus, state).state !== "active") break;
          const vote = signedVote(consensus, state, voter, true);
          state = taken(consensus.admitOwnVote(state, vote, NOW), "A vote");
        }
        const here = tallyIn(consensus, state);
        const { proposal } = here;
        const his = create();
        const result = await his.ingestProposal(his.empty(), carried(proposal), contextAt());
        const there = tallyIn(his, taken(result, "A proposal with its votes"));
        expectEqual(standing(there), standing(here), "The tally there");
        expectEqual(there.votes, here.votes, "Its votes there");
        const changes = [(vote: Vote) => ({ vote: !vote.vote }), () => ({ signature: new Uint8Array(32) })];
        const changed = proposal.votes.flatMap((_, i) =>
          changes.map((change) =>
            proposal.votes.map((vote, j) => (i === j ? { ...vote, ...change(vote) } : vote)),
          ),
        );
        const spoilt = [...changed, [...proposal.votes, ...proposal.votes.slice(0, 1)]];
        for (const votes of spoilt) {
          const refused = await his.ingestProposal(his.empty(), { ...proposal, votes }, contextAt());
          expectRejected(refused, his.empty(), "a proposal with a bad vote");
        }
      },
    },
    {
      name: "rejects a proposal from its expiration second on",
      async run() {
        const consensus = create();
        const { proposal } = consensus.open(consensus.empty(), requestFor(3), NOW);
        const { expirationTimestamp } = proposal;
        const last = await consensus.ingestProposal(
          consensus.empty(),
          proposal,
          contextAt(expirationTimestamp - 1n),
        );
        taken(last, "A proposal in its last second");
        const late = await consensus.ingestProposal(
          consensus.empty(),
          proposal,
          contextAt(expirationTimestamp),
        );
        expectRejected(late, consensus.empty(), "a proposal that has expired", "proposal-expired");
      },
    },
    {
      name: "forgets a proposal, which can then be opened or received again",
      async run() {
        const consensus = create();
        const first = consensus.open(consensus.empty(), requestFor(3), NOW);
        const { state } = consensus.open(first.state, requestFor(3, { proposalId: 8 }), NOW);
        const without = consensus.forget(state, 7);
        expectEqual(consensus.tally(without, 7), undefined, "The tally of the forgotten proposal");
        expectEqual(tallyIn(consensus, without, 8).state, "active", "The other one");
        consensus.open(without, requestFor(3), NOW);
        taken(
          await consensus.ingestProposal(without, first.proposal, contextAt()),
          "The forgotten proposal, from the network",
        );
      },
    },
    {
      name: "remembers the newest `maxSessions` proposals",
      async run() {
        const consensus = create();
        let state = consensus.empty();
        for (let id = 1; id <= consensus.maxSessions + 1; id++) {
          // The wall clock runs back, but eviction follows the order of arrival.
          state = consensus.open(state, requestFor(3, { proposalId: id }), NOW - BigInt(id)).state;
        }
        const ids = consensus.proposals(state).map(({ proposalId }) => proposalId);
        const expected = Array.from({ length: consensus.maxSessions }, (_, i) => i + 2);
        expectEqual(ids, expected, "The remembered proposals, in order of arrival");
        const { proposal } = create().open(create().empty(), requestFor(3, { proposalId: 1_000 }), NOW);
        const after = taken(await consensus.ingestProposal(state, proposal, contextAt()), "One more");
        expectEqual(consensus.tally(after, 2), undefined, "The evicted proposal");
        expectEqual(tallyIn(consensus, after, 1_000).state, "active", "The newest proposal");
      },
    },
    {
      name: "evicts only decided proposals if requested",
      async run() {
        const consensus = create();
        let state = consensus.empty();
        for (let id = 1; id <= consensus.maxSessions; id++) {
          state = consensus.open(state, requestFor(3, { proposalId: id }), NOW).state;
        }
        const over = Math.min(2, consensus.maxSessions);
        state = consensus.onDeadline(state, over, NOW).state;
        const request = requestFor(3, { proposalId: 1_000, rules: { keepsActive: true } });
        state = consensus.open(state, request, NOW).state;
        expectEqual(consensus.tally(state, over), undefined, "The decided proposal");
        const open = consensus.proposals(state).filter((tally) => tally.state === "active");
        expectEqual(open.length, consensus.maxSessions, "The number of open proposals");
      },
    },
  ];
}
