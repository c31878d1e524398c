import type { ConsensusPlugin } from "@demls/consensus";
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

/** Votes: whose they are, how often they count, and which are refused. */
export function voteCases<S>(create: () => ConsensusPlugin<S>): ContractCase[] {
  return [
    {
      name: "counts its own vote and one from the network alike",
      async run() {
        const consensus = create();
        const [one, two] = membersOf(5) as [MemberId, MemberId];
        const { state } = consensus.open(consensus.empty(), requestFor(5), NOW);
        const [yes, no] = [signedVote(consensus, state, one, true), signedVote(consensus, state, two, false)];
        expectEqual(standing(tallyIn(consensus, state)), count(0, 0), "Before they are counted");
        const own = taken(consensus.admitOwnVote(state, yes, NOW), "One's own vote");
        const here = taken(await consensus.ingestVote(own, no, contextAt()), "A vote");
        const heard = taken(await consensus.ingestVote(state, yes, contextAt()), "A vote");
        const there = taken(consensus.admitOwnVote(heard, no, NOW), "One's own vote");
        expectEqual(standing(tallyIn(consensus, here)), count(1, 1), "The count");
        expectEqual(standing(tallyIn(consensus, there)), count(1, 1), "The count the other way");
        expectEqual(tallyIn(consensus, here).votes, [yes, no], "The votes, in the order in which they came");
        expectEqual(tallyIn(consensus, here).proposal.votes, [yes, no], "Those of the proposal to publish");
      },
    },
    {
      name: "counts no voter twice, whatever it says the second time",
      async run() {
        const consensus = create();
        const [voter] = membersOf(5) as [MemberId];
        const { state } = consensus.open(consensus.empty(), requestFor(5), NOW);
        const [yes, no] = [
          signedVote(consensus, state, voter, true),
          signedVote(consensus, state, voter, false),
        ];
        const voted = taken(await consensus.ingestVote(state, yes, contextAt()), "A vote");
        for (const vote of [yes, no]) {
          const again = await consensus.ingestVote(voted, vote, contextAt());
          expectRejected(again, voted, "a second vote", "duplicate-vote");
          expectRejected(
            consensus.admitOwnVote(voted, vote, NOW),
            voted,
            "a second own vote",
            "duplicate-vote",
          );
        }
      },
    },
    {
      name: "takes no vote that its owner did not sign, and throws at none",
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
      name: "takes no vote that was cast before its proposal, or came after its expiration",
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
      name: "takes no vote on what it does not know",
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
      name: "lets nobody sign a vote in vain",
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

function count(yes: number, no: number): unknown {
  return { state: "active", yes, no, expected: 5 };
}
