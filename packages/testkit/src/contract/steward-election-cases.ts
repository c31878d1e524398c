import { computeListSize, stewardListConfig, type StewardListPlugin } from "@demls/steward";
import { expectEqual, present, type ContractCase } from "./contract-case.js";
import { STRANGER } from "./sample-members.js";
import { allBut, everyone, groups, listed, MEMBERS, withList, withoutList } from "./steward-samples.js";

/** Cases about elections: proposer, proposed list and retries. */
export function stewardElectionCases<S>(plugin: StewardListPlugin<S>): ContractCase[] {
  const propose = (
    state: S,
    pool: typeof MEMBERS,
    recovery = true,
    eligible = everyone as (id: string) => boolean,
  ) => {
    const proposer = present(plugin.electionProposer(state, eligible), "proposer");
    return plugin.proposeElection(state, 9n, pool, proposer, eligible, recovery);
  };
  return [
    {
      name: "lets one member propose, the first eligible steward",
      async run() {
        const state = withList(plugin);
        const list = listed(plugin, state);
        for (const eligible of [everyone, allBut(list[0]), allBut(list[0], list[1])]) {
          const proposers = [...MEMBERS, STRANGER].filter(
            (self) => plugin.proposeElection(state, 9n, MEMBERS, self, eligible, false).kind === "propose",
          );
          expectEqual(proposers, list.filter(eligible).slice(0, 1), "Those that propose");
        }
      },
    },
    {
      name: "proposes no election before its list is exhausted, except in recovery, nor without candidates",
      async run() {
        const state = withList(plugin);
        const [first = STRANGER, second = STRANGER] = listed(plugin, state);
        const decide = (epoch: bigint, self: typeof first, pool = MEMBERS, recovery = false) => {
          const decision = plugin.proposeElection(state, epoch, pool, self, everyone, recovery);
          return decision.kind === "skip" ? decision.reason : decision.kind;
        };
        expectEqual(decide(4n, first), "list-not-exhausted", "The decision within the list");
        expectEqual(decide(4n, first, MEMBERS, true), "propose", "The decision in recovery");
        expectEqual(decide(7n, first), "propose", "The decision after the list");
        expectEqual(decide(7n, second), "not-the-proposer", "The decision at another member");
        expectEqual(decide(7n, first, []), "no-candidates", "The decision without candidates");
      },
    },
    {
      name: "proposes the list that all members derive, with the configured size",
      async run() {
        for (const pool of groups()) {
          for (const failed of [0, 1, 3]) {
            let state = withList(plugin);
            for (let i = 0; i < failed; i++) state = plugin.bumpRetry(state).state;
            const decision = propose(state, pool);
            if (decision.kind === "skip") return expectEqual(decision.reason, "none", "The reason to skip");
            const { proposedStewards, electionEpoch, retryRound } = decision;
            expectEqual([electionEpoch, retryRound], [9n, failed], "The epoch and the round");
            const size = computeListSize(plugin.config(state), pool.length);
            expectEqual(proposedStewards.length, size, "The size");
            const installed = plugin.installList(state, 9n, pool, size, failed).state;
            expectEqual(listed(plugin, installed), proposedStewards, "The list installed by another member");
            const newcomer = plugin.withConfig(withoutList(plugin, { snMax: 9 }), plugin.config(state));
            const isValid = plugin.validateProposed(newcomer, proposedStewards, 9n, pool, failed);
            expectEqual(isValid, true, "Whether it is valid at a newcomer");
          }
        }
      },
    },
    {
      name: "counts failed elections, reports each one beyond the limit, and resets the count",
      async run() {
        let state = plugin.withMaxRetries(withList(plugin), 2);
        const list = plugin.currentList(state);
        const told = [1, 2, 3, 4].map((round) => {
          const update = plugin.bumpRetry(state);
          state = update.state;
          expectEqual(plugin.retryRound(state), round, "The failed elections");
          return update.events;
        });
        const exhausted = [3, 4].map((round) => [{ kind: "retryExhausted", round, max: 2 }]);
        expectEqual(told, [[], [], ...exhausted], "The events");
        expectEqual(plugin.currentList(state), list, "The list after failed elections");
        expectEqual(plugin.retryRound(plugin.resetRetry(state)), 0, "The failed elections, once forgotten");
        expectEqual(plugin.currentList(plugin.resetRetry(state)), list, "The list after that");
      },
    },
    {
      name: "applies new settings to later lists, and keeps the list and the count",
      async run() {
        const state = plugin.bumpRetry(withList(plugin)).state;
        const config = stewardListConfig({ snMin: 2, snMax: 4, allowSubsetCandidates: true });
        const changed = plugin.withMaxRetries(plugin.withConfig(state, config), 5);
        expectEqual(plugin.config(changed), config, "The settings");
        expectEqual(plugin.maxRetries(changed), 5, "The limit");
        expectEqual(plugin.currentList(changed), plugin.currentList(state), "The list");
        expectEqual(plugin.retryRound(changed), 1, "The failed elections");
        const decision = propose(changed, MEMBERS);
        expectEqual(
          decision.kind === "propose" && decision.proposedStewards.length,
          4,
          "The size of the next list",
        );
      },
    },
  ];
}
