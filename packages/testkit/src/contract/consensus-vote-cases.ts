import type { ConsensusPlugin, Decision, IngestResult } from "@demls/consensus";
import type { Vote } from "@demls/wire";
import { memberIdToBytes, type MemberId } from "@demls/wire/core";
import {
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

/** Cases about votes: owners, duplicates and rejections. */
export function voteCases<S>(create: () => ConsensusPlugin<S>): ContractCase[] {
  return [
    {
      name: "counts own votes and votes from the network alike",
      async run() {
        const consensus = create();
        const voters = membersOf(5);
        for (const choices of [
          [true, false],
          [false, true],
          [true, true],
          [false, false],
        ]) {
          let { state } = consensus.open(consensus.empty(), requestFor(5), NOW);
          expectEqual(standing(tallyIn(consensus, state)), UNCOUNTED, "The tally before counting");
          const votes: Vote[] = [];
          for (const [i, choice] of choices.entries()) {
            // The algorithm may decide early, and then reject later votes.
            if (tallyIn(consensus, state).state !== "active") break;
            const vote = signedVote(consensus, state, voters[i] as MemberId, choice);
            votes.push(vote);
            const own = consensus.admitOwnVote(state, vote, NOW);
            const heard = await consensus.ingestVote(state, vote, contextAt());
            const [here, there] = [taken(own, "An own vote"), taken(heard, "A vote")];
            expectEqual(
              decisionOf(own),
              decisionOf(heard),
              "The result of an own vote, compared with a received one,",
            );
            const tally = tallyIn(consensus, here);
            expectEqual(
              tally,
              tallyIn(consensus, there),
              "The tally of an own vote, compared with a received one,",
            );
            const yes = votes.filter((each) => each.vote).length;
            expectEqual([tally.yes, tally.no], [yes, votes.length - yes], "The count");
            expectEqual(tally.votes, votes, "The votes in order of arrival");
            expectEqual(tally.proposal.votes, votes, "The votes of the proposal to publish");
            state = i % 2 === 0 ? here : there;
          }
        }
      },
    },
    {
      name: "counts no voter twice, with the same choice or another",
      async run() {
        const consensus = create();
        const [voter] = membersOf(5) as [MemberId];
        const { state } = consensus.open(consensus.empty(), requestFor(5), NOW);
        const votes = [true, false].map((choice) => signedVote(consensus, state, voter, choice));
        for (const first of votes) {
          const voted = taken(await consensus.ingestVote(state, first, contextAt()), "A vote");
          const before = tallyIn(consensus, voted);
          for (const vote of votes) {
            const again = await consensus.ingestVote(voted, vote, contextAt());
            const own = consensus.admitOwnVote(voted, vote, NOW);
            for (const result of [again, own]) {
              expectEqual(tallyIn(consensus, result.state), before, "The count after a second vote");
              // If the first vote decides, the second is a late vote.
              if (before.state !== "active") continue;
              expectRejected(result, voted, "a second vote", "duplicate-vote");
            }
          }
        }
      },
    },
    {
      name: "rejects votes not signed by their owner, without throwing",
      async run() {
        const consensus = create();
        const [one, two] = membersOf(5) as [MemberId, MemberId];
        const { state } = consensus.open(consensus.empty(), requestFor(5), NOW);
        const vote = signedVote(consensus, state, one, true);
        const forged: readonly Partial<Vote>[] = [
          { vote: false },
          { voteId: 2 },
          { voteOwner: memberIdToBytes(two) },
          { voteOwner: new Uint8Array() },
          { voteHash: new Uint8Array() },
          { voteHash: new Uint8Array(32) },
          { signature: new Uint8Array() },
          { signature: new Uint8Array(32) },
          { signature: Uint8Array.of(1) },
          { timestamp: 2n ** 64n - 1n },
          { parentHash: new Uint8Array(32) },
        ];
        for (const change of forged) {
          const result = await consensus.ingestVote(state, { ...vote, ...change }, contextAt());
          expectRejected(result, state, `a vote with another ${Object.keys(change).join()}`);
        }
        taken(await consensus.ingestVote(state, vote, contextAt()), "The vote itself");
      },
    },
    {
      name: "rejects a vote cast before its proposal or received after its expiration",
      async run() {
        const consensus = create();
        const [voter] = membersOf(5) as [MemberId];
        const earlier = consensus.open(consensus.empty(), requestFor(5), NOW);
        const vote = signedVote(consensus, earlier.state, voter, true);
        const { state } = consensus.open(consensus.empty(), requestFor(5), NOW + 1n);
        expectRejected(
          await consensus.ingestVote(state, vote, contextAt(NOW + 1n)),
          state,
          "a vote cast before",
        );
        const late = contextAt(NOW + LIFETIME_SECONDS + 1n);
        expectRejected(await consensus.ingestVote(earlier.state, vote, late), earlier.state, "a vote after");
        const own = consensus.admitOwnVote(earlier.state, vote, late.nowSeconds);
        expectRejected(own, earlier.state, "an own vote after");
      },
    },
    {
      name: "rejects a vote on an unknown proposal",
      async run() {
        const consensus = create();
        const [voter] = membersOf(5) as [MemberId];
        const { state } = consensus.open(consensus.empty(), requestFor(5), NOW);
        const vote = signedVote(consensus, state, voter, true);
        const empty = consensus.empty();
        const code = "session-not-found";
        expectRejected(
          await consensus.ingestVote(empty, vote, contextAt()),
          empty,
          "a vote on nothing",
          code,
        );
        expectRejected(consensus.admitOwnVote(empty, vote, NOW), empty, "an own vote on nothing", code);
      },
    },
    {
      name: "refuses to prepare a vote that would not count",
      async run() {
        const consensus = create();
        const [member] = membersOf(5) as [MemberId];
        const ballot = { voter: memberIdToBytes(member), choice: true, voteId: 1 };
        const { state } = consensus.open(consensus.empty(), requestFor(5), NOW);
        const voted = taken(
          consensus.admitOwnVote(state, signedVote(consensus, state, member, true), NOW),
          "A vote",
        );
        const late = NOW + LIFETIME_SECONDS;
        await expectMistake(() => consensus.castVote(state, 8, ballot, NOW), "session-not-found");
        await expectMistake(() => consensus.castVote(state, 7, ballot, late), "proposal-expired");
        await expectMistake(() => consensus.castVote(voted, 7, ballot, NOW), "user-already-voted");
        const unknown = { ...ballot, voteId: -1 };
        await expectMistake(() => consensus.castVote(state, 7, unknown, NOW), "value-out-of-range");
      },
    },
  ];
}

/** Tally of a proposal without votes. */
const UNCOUNTED = { state: "active", yes: 0, no: 0, expected: 5 };

function decisionOf<S>(result: IngestResult<S>): Decision | undefined {
  return result.kind === "accepted" ? result.decision : undefined;
}
