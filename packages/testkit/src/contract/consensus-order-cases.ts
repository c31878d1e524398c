import type { ConsensusPlugin, Tally } from "@demls/consensus";
import type { Vote } from "@demls/wire";
import type { MemberId } from "@demls/wire/core";
import { contextAt, isRefused, membersOf, NOW, requestFor, signedVote, tallyIn } from "./consensus-voters.js";
import { broken, type ContractCase } from "./contract-case.js";

/** Cases about the order of votes, which must not matter under the majority rule. */
export function orderCases<S>(create: () => ConsensusPlugin<S>): ContractCase[] {
  return [
    {
      name: "decides a full ballot independently of the order of votes, if it supports the majority rule",
      async run() {
        const consensus = create();
        if (isRefused(consensus, "majority")) return;
        for (const voters of [3, 4, 5].map(membersOf)) {
          for (const livenessCriteriaYes of [true, false]) {
            const changes = { livenessCriteriaYes, rules: { tally: "majority" } as const };
            const { state } = consensus.open(consensus.empty(), requestFor(voters.length, changes), NOW);
            const box = voters.map((voter) => ballotsOf(consensus, state, voter));
            for (const votes of choicesFrom(box)) {
              const results = await resultsOf(consensus, state, votes);
              if (results.size === 1) continue;
              const said = votes.map(({ vote }) => (vote ? "yes" : "no")).join(", ");
              throw broken(`The votes ${said} give ${[...results].join(" or ")}, depending on their order.`);
            }
          }
        }
      },
    },
  ];
}

/** Both possible votes of a voter. */
function ballotsOf<S>(consensus: ConsensusPlugin<S>, state: S, voter: MemberId): readonly Vote[] {
  return [true, false].map((choice) => signedVote(consensus, state, voter, choice));
}

/** Every full ballot: one vote of each voter. */
function choicesFrom(box: readonly (readonly Vote[])[]): readonly (readonly Vote[])[] {
  return box.reduce<readonly (readonly Vote[])[]>(
    (ballots, votes) => ballots.flatMap((ballot) => votes.map((vote) => [...ballot, vote])),
    [[]],
  );
}

/** Results of these votes in all orders. A decision is final, so orders are not continued past it. */
async function resultsOf<S>(
  consensus: ConsensusPlugin<S>,
  state: S,
  votes: readonly Vote[],
): Promise<ReadonlySet<Tally["state"]>> {
  const results = new Set<Tally["state"]>();
  for (const vote of votes) {
    const next = (await consensus.ingestVote(state, vote, contextAt())).state;
    const result = tallyIn(consensus, next).state;
    const rest = votes.filter((other) => other !== vote);
    const found = result === "active" ? await resultsOf(consensus, next, rest) : [result];
    for (const each of found) results.add(each);
  }
  return votes.length === 0 ? new Set([atDeadline(consensus, state)]) : results;
}

function atDeadline<S>(consensus: ConsensusPlugin<S>, state: S): Tally["state"] {
  const ended = consensus.onDeadline(state, 7, NOW);
  return ended.kind === "decided" ? ended.decision.result : "active";
}
