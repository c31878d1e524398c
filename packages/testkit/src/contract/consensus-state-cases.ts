import type { ConsensusPlugin } from "@demls/consensus";
import type { MemberId } from "@demls/wire/core";
import {
  carried,
  contextAt,
  membersOf,
  NOW,
  requestFor,
  signedVote,
  standing,
  tallyIn,
} from "./consensus-voters.js";
import { expectEqual, type ContractCase } from "./contract-case.js";

/** Cases about states: immutable values that can be stored. */
export function consensusStateCases<S>(create: () => ConsensusPlugin<S>): ContractCase[] {
  return [
    {
      name: "does not mutate the state passed in",
      async run() {
        const consensus = create();
        const [one, two] = membersOf(5) as [MemberId, MemberId];
        const { state } = consensus.open(frozen(consensus.empty()), requestFor(5), NOW);
        const before = structuredClone(frozen(state));
        const vote = signedVote(consensus, state, one, true);
        const { state: voted } = await consensus.ingestVote(state, vote, contextAt());
        consensus.admitOwnVote(frozen(voted), signedVote(consensus, state, two, false), NOW);
        consensus.open(state, requestFor(5, { proposalId: 8 }), NOW);
        const other = create().open(create().empty(), requestFor(5, { proposalId: 9 }), NOW);
        await consensus.ingestProposal(state, carried(other.proposal), contextAt());
        consensus.onDeadline(state, 7, NOW);
        consensus.forget(state, 7);
        expectEqual(state, before, "The state passed in");
        expectEqual(
          standing(tallyIn(consensus, state)),
          { state: "active", yes: 0, no: 0, expected: 5 },
          "It",
        );
      },
    },
    {
      name: "continues from a stored copy of its state",
      async run() {
        const consensus = create();
        const voters = membersOf(5);
        let [kept, stored] = [consensus.empty(), structuredClone(consensus.empty())];
        kept = consensus.open(kept, requestFor(5), NOW).state;
        stored = structuredClone(consensus.open(stored, requestFor(5), NOW).state);
        for (const [i, voter] of voters.entries()) {
          if (tallyIn(consensus, kept).state !== "active") break;
          const vote = signedVote(consensus, kept, voter, i % 2 === 0);
          kept = (await consensus.ingestVote(kept, vote, contextAt())).state;
          // A new plug-in, as after a restart of the process.
          stored = structuredClone((await create().ingestVote(stored, vote, contextAt())).state);
          expectEqual(stored, kept, "The state that was stored in between");
          expectEqual(create().proposals(stored), consensus.proposals(kept), "Its proposals");
        }
        expectEqual(create().onDeadline(stored, 7, NOW), consensus.onDeadline(kept, 7, NOW), "Its end");
      },
    },
    {
      name: "depends only on its arguments: no clock, no randomness, no internal state",
      async run() {
        const [one, other] = [create(), create()];
        // One conversation of a plug-in must not affect the next.
        other.open(other.empty(), requestFor(2, { proposalId: 99 }), NOW + 9n);
        const states: S[] = [];
        for (const consensus of [one, other, one]) {
          const voters = membersOf(3);
          let { state } = consensus.open(consensus.empty(), requestFor(3), NOW);
          for (const voter of voters.slice(0, 2)) {
            if (tallyIn(consensus, state).state !== "active") break;
            const vote = signedVote(consensus, state, voter, false);
            state = (await consensus.ingestVote(state, vote, contextAt())).state;
          }
          states.push(consensus.onDeadline(state, 7, NOW).state);
        }
        expectEqual(states[1], states[0], "The state of another plug-in");
        expectEqual(states[2], states[0], "The state of the same plug-in, for another conversation");
      },
    },
  ];
}

/** The same value, frozen, so that mutating it throws. */
function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  Object.values(value).forEach(frozen);
  return Object.freeze(value);
}
