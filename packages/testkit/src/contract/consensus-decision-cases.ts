import type { ConsensusPlugin, Decision, TallyRule } from "@demls/consensus";
import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import {
  afterVotes,
  contextAt,
  isRefused,
  membersOf,
  NOW,
  requestFor,
  requestsAbout,
  signedVote,
  tallyIn,
} from "./consensus-voters.js";
import { broken, expectEqual, present, type ContractCase } from "./contract-case.js";

/** Cases about decisions and electorates. */
export function decisionCases<S>(create: () => ConsensusPlugin<S>): ContractCase[] {
  return [
    {
      name: "decides a unanimous ballot by its last vote at the latest",
      async run() {
        const consensus = create();
        for (const voters of [1, 2, 3, 4, 5, 8].map(membersOf)) {
          for (const [choice, liveness] of [true, false].flatMap((a) => [true, false].map((b) => [a, b]))) {
            const request = requestFor(voters.length, { livenessCriteriaYes: liveness as boolean });
            const { state } = consensus.open(consensus.empty(), request, NOW);
            const votes = voters.map((voter) => [voter, choice as boolean] as const);
            const after = await afterVotes(consensus, state, votes);
            const what = `The result of ${voters.length} equal votes with silence as ${liveness ? "yes" : "no"}`;
            expectEqual(tallyIn(consensus, after).state, choice ? "yes" : "no", what);
          }
        }
      },
    },
    {
      name: "returns the decision with the vote that makes it",
      async run() {
        const consensus = create();
        const [voter] = membersOf(1) as [MemberId];
        const { state } = consensus.open(consensus.empty(), requestFor(1), NOW);
        const vote = signedVote(consensus, state, voter, false);
        const decision: Decision = { proposalId: 7, result: "no" };
        for (const result of [
          consensus.admitOwnVote(state, vote, NOW),
          await consensus.ingestVote(state, vote, contextAt()),
        ]) {
          expectEqual(
            result.kind === "accepted" && result.decision,
            decision,
            "The decision returned with the vote",
          );
        }
      },
    },
    {
      name: "keeps a decision after later votes",
      async run() {
        const consensus = create();
        const voters = membersOf(5);
        for (const choice of [true, false]) {
          const { state } = consensus.open(consensus.empty(), requestFor(5), NOW);
          const decided = await afterVotes(
            consensus,
            state,
            voters.slice(1).map((voter) => [voter, choice] as const),
          );
          const before = tallyIn(consensus, decided).state;
          if (before === "active") continue;
          const late = signedVote(consensus, state, voters[0] as MemberId, !choice);
          const after = (await consensus.ingestVote(decided, late, contextAt())).state;
          expectEqual(tallyIn(consensus, after).state, before, "The state after a late vote");
          const ended = consensus.onDeadline(after, 7, NOW);
          expectEqual(
            ended.kind === "decided" && ended.decision.result,
            before,
            "The result after the deadline",
          );
        }
      },
    },
    {
      name: "decides every proposal at its deadline, and repeats the decision",
      async run() {
        const consensus = create();
        const voters = membersOf(5);
        for (const liveness of [true, false]) {
          for (const choices of [[], [true], [false], [true, false], [true, true, false, false]]) {
            const request = requestFor(5, { livenessCriteriaYes: liveness });
            const { state } = consensus.open(consensus.empty(), request, NOW);
            const votes = choices.map((choice, i) => [voters[i] as MemberId, choice] as const);
            const ended = consensus.onDeadline(await afterVotes(consensus, state, votes), 7, NOW);
            if (ended.kind === "rejected") throw broken("A deadline returns no decision.");
            const { result, proposalId } = ended.decision;
            if (!["yes", "no", "failed"].includes(result)) throw broken(`${result} is not a decision.`);
            expectEqual([proposalId, tallyIn(consensus, ended.state).state], [7, result], "The decision");
            const again = consensus.onDeadline(ended.state, 7, NOW);
            expectEqual(again, ended, "The next deadline");
          }
        }
      },
    },
    {
      name: "decides no yes without a vote where silence counts as no, if it supports the majority rule",
      async run() {
        const consensus = create();
        if (isRefused(consensus, "majority")) return;
        for (const voters of [1, 2, 3, 4, 5, 8]) {
          const changes = { livenessCriteriaYes: false, rules: { tally: "majority" } as const };
          const { state } = consensus.open(consensus.empty(), requestFor(voters, changes), NOW);
          const ended = consensus.onDeadline(state, 7, NOW);
          if (ended.kind === "decided" && ended.decision.result === "yes")
            throw broken(`The silence of ${voters} voters decides yes, although it counts as no.`);
        }
      },
    },
    {
      name: "returns a non-empty electorate of members, in their order, for every request",
      async run() {
        const consensus = create();
        const members = membersOf(5);
        const targets = [...membersOf(6), memberIdFromBytes(new Uint8Array())];
        const gone = membersOf(9).slice(5);
        const lists = [undefined, [], gone, members.slice(1, 3), members.toReversed(), [...gone, ...members]];
        const requests = targets.flatMap(requestsAbout);
        for (const [request, stewards] of requests.flatMap((each) =>
          lists.map((list) => [each, list] as const),
        )) {
          const electorate = consensus.electorate(request, members, stewards);
          if (electorate === undefined && stewards === undefined) continue;
          const asked = present(electorate, `electorate of ${request.kind} by a list`);
          if (asked.length === 0) throw broken(`The electorate of ${request.kind} is empty.`);
          expectEqual(
            asked,
            members.filter((member) => asked.includes(member)),
            "The electorate",
          );
        }
      },
    },
    {
      name: "supports at least one rule, and names the unsupported option in its error",
      async run() {
        const consensus = create();
        const tallies: readonly TallyRule[] = ["two-thirds", "majority"];
        const refused = tallies.filter((tally) => isRefused(consensus, tally));
        if (refused.length === tallies.length) throw broken("No rule supports its options.");
      },
    },
    {
      name: "includes its own result in the possible results",
      async run() {
        const consensus = create();
        if (consensus.possibleResults === undefined) return;
        const voters = membersOf(5);
        const ballots = [
          [],
          [true],
          [false, false],
          [true, false, true],
          [false, false, false, true, true],
          [false, false, false, false, false],
        ];
        for (const [choices, livenessCriteriaYes] of ballots.flatMap((choices) =>
          [true, false].map((liveness) => [choices, liveness] as const),
        )) {
          const { state } = consensus.open(consensus.empty(), requestFor(5, { livenessCriteriaYes }), NOW);
          const votes = choices.map((choice, i) => [voters[i] as MemberId, choice] as const);
          const ended = consensus.onDeadline(await afterVotes(consensus, state, votes), 7, NOW);
          const yes = choices.filter(Boolean).length;
          const heard = { yes, no: choices.length - yes, expectedVoters: 5, livenessCriteriaYes };
          const result = ended.kind === "decided" && ended.decision.result;
          const possible = consensus.possibleResults(heard);
          if (result === false || !possible.has(result))
            throw broken(`The result ${result} is not among the possible results.`);
        }
      },
    },
  ];
}
