import { computeListSize, stewardListConfig, type StewardListPlugin } from "@demls/steward";
import type { MemberId } from "@demls/wire/core";
import { createSeededRandom } from "../seeded-random.js";
import { expectEqual, expectMistake, type ContractCase } from "./contract-case.js";
import { STRANGER } from "./sample-members.js";
import { groups, listed, MEMBERS, OCCASIONS, withList, withoutList } from "./steward-samples.js";

/** Cases about lists: derivation and validation. */
export function stewardListCases<S>(plugin: StewardListPlugin<S>): ContractCase[] {
  const configOf = (state: S) => plugin.config(state);
  return [
    {
      name: "starts without a list, with the settings passed in",
      async run() {
        const config = stewardListConfig({ snMin: 2, snMax: 5, allowSubsetCandidates: true });
        const state = plugin.create("garden", config, 3);
        const { snMin, snMax, allowSubsetCandidates } = plugin.config(state);
        expectEqual([snMin, snMax, allowSubsetCandidates], [2, 5, true], "The settings");
        expectEqual(
          [plugin.maxRetries(state), plugin.retryRound(state)],
          [3, 0],
          "The retries allowed and made",
        );
        expectEqual(plugin.currentList(state), undefined, "The list");
      },
    },
    {
      name: "installs the founder alone as the steward of epoch 0",
      async run() {
        const [founder = STRANGER] = MEMBERS;
        const { state, events } = plugin.installList(withoutList(plugin), 0n, [founder], 1, 0);
        expectEqual(listed(plugin, state), [founder], "The list");
        expectEqual(events, [{ kind: "listInstalled", epoch: 0n, retryRound: 0, size: 1 }], "The events");
        expectEqual(plugin.isSteward(state, founder), true, "Whether the founder is a steward");
        expectEqual(plugin.isSteward(state, STRANGER), false, "Whether a stranger is one");
      },
    },
    {
      name: "installs a list of the requested size, epoch and round, without duplicates",
      async run() {
        for (const [epoch, retryRound] of OCCASIONS) {
          for (const pool of groups()) {
            const empty = withoutList(plugin);
            const size = computeListSize(configOf(empty), pool.length);
            const { state, events } = plugin.installList(empty, epoch, pool, size, retryRound);
            const list = listed(plugin, state);
            expectEqual(new Set(list).size, size, "The number of stewards");
            expectEqual(
              list.filter((id) => !pool.includes(id)),
              [],
              "Those listed that are no members",
            );
            const { electionEpoch, retryRound: round } = plugin.currentList(state) ?? {};
            expectEqual([electionEpoch, round], [epoch, retryRound], "The list's epoch and round");
            expectEqual(events, [{ kind: "listInstalled", epoch, retryRound, size }], "The events");
            expectEqual(plugin.retryRound(state), 0, "The failed elections, which it does not count");
          }
        }
      },
    },
    {
      name: "derives the same list from the members in any order",
      async run() {
        const random = createSeededRandom("orders");
        for (const [epoch, retryRound] of OCCASIONS) {
          const install = (pool: typeof MEMBERS) =>
            listed(plugin, plugin.installList(withoutList(plugin), epoch, pool, 3, retryRound).state);
          for (let i = 0; i < 5; i++)
            expectEqual(
              install(random.shuffle(MEMBERS)),
              install(MEMBERS),
              "The list of members in another order",
            );
        }
      },
    },
    {
      name: "keeps its list when a seed is set, and accepts the lists that it derives with that seed",
      async run() {
        const seed = new Uint8Array(32).fill(1);
        for (const [epoch, retryRound] of OCCASIONS) {
          const before = plugin.installList(withoutList(plugin), epoch, MEMBERS, 3, retryRound).state;
          expectEqual(listed(plugin, plugin.withSeed(before, seed)), listed(plugin, before), "The list");
          const seeded = plugin.withSeed(withoutList(plugin), seed);
          const list = listed(plugin, plugin.installList(seeded, epoch, MEMBERS, 3, retryRound).state);
          const isValid = plugin.validateProposed(seeded, list, epoch, MEMBERS, retryRound);
          expectEqual(isValid, true, "Whether a list of the seed is valid");
          const without = plugin.withSeed(plugin.withSeed(before, seed), undefined);
          const isSame = plugin.validateProposed(without, listed(plugin, before), epoch, MEMBERS, retryRound);
          expectEqual(isSame, true, "Whether a list without a seed is valid once the seed is taken back");
        }
      },
    },
    {
      name: "accepts its own list as derived from the list's members, for joiners",
      async run() {
        for (const [epoch, retryRound] of OCCASIONS) {
          for (const pool of groups()) {
            const empty = withoutList(plugin);
            const size = computeListSize(configOf(empty), pool.length);
            const list = listed(plugin, plugin.installList(empty, epoch, pool, size, retryRound).state);
            expectEqual(
              plugin.validateProposed(empty, list, epoch, list, retryRound),
              true,
              "Whether it is valid",
            );
            const again = plugin.installList(empty, epoch, list, list.length, retryRound).state;
            expectEqual(listed(plugin, again), list, "The list that is installed from it");
          }
        }
      },
    },
    {
      name: "accepts only the list derived from the same members, epoch and round, in that order",
      async run() {
        for (const [epoch, retryRound] of OCCASIONS) {
          const state = withoutList(plugin);
          const list = listed(plugin, plugin.installList(state, epoch, MEMBERS, 3, retryRound).state);
          const judge = (proposed: typeof list) =>
            plugin.validateProposed(state, proposed, epoch, MEMBERS, retryRound);
          const [first = STRANGER, second = STRANGER, third = STRANGER] = list;
          const other = MEMBERS.find((id) => !list.includes(id)) ?? STRANGER;
          expectEqual(judge(list), true, "The list");
          const wrong = {
            "another order": [third, second, first],
            "two changed": [second, first, third],
            "one for another": [first, second, other],
            "one twice": [first, first, second],
            "a stranger": [first, second, STRANGER],
            "too many": [...list, other],
            nobody: [],
          };
          for (const [what, proposed] of Object.entries(wrong))
            expectEqual(judge(proposed), false, `The verdict on ${what}`);
        }
      },
    },
    {
      name: "throws for no list proposed by the network",
      async run() {
        const state = withList(plugin);
        const list = listed(plugin, state);
        const proposals = [
          [],
          list,
          [...list, ...list],
          [STRANGER],
          [MEMBERS[0], MEMBERS[0]],
          ["" as MemberId],
        ];
        for (const proposed of proposals) {
          for (const pool of [[], MEMBERS, proposed]) {
            const valid = plugin.validateProposed(
              state,
              proposed as typeof list,
              9n,
              pool as typeof list,
              0xffff_ffff,
            );
            if (proposed.length === 0 || pool.length === 0)
              expectEqual(valid, false, "A list of or from nobody");
          }
        }
      },
    },
    {
      name: "rejects installing an empty list, or one of a size outside the settings",
      async run() {
        const state = withoutList(plugin);
        await expectMistake(() => plugin.installList(state, 0n, [], 0, 0), "no-steward-candidates");
        for (const size of [0, 4, -1, 1.5])
          await expectMistake(
            () => plugin.installList(state, 0n, MEMBERS, size, 0),
            "invalid-steward-list-size",
          );
      },
    },
    {
      name: "makes all members stewards in a group below the minimum size, and changes nothing else",
      async run() {
        const state = plugin.withConfig(withList(plugin), stewardListConfig({ snMin: 4, snMax: 5 }));
        const few = MEMBERS.slice(0, 3);
        const filled = plugin.maybeAutoFill(state, 9n, few);
        expectEqual(listed(plugin, filled.state).toSorted(), few, "The list of a small group");
        const expected = [{ kind: "listInstalled", epoch: 9n, retryRound: 0, size: 3 }];
        expectEqual(filled.events, expected, "The events");
        for (const members of [[], MEMBERS.slice(0, 4), MEMBERS]) {
          const { state: same, events } = plugin.maybeAutoFill(state, 9n, members);
          expectEqual(
            [listed(plugin, same), events],
            [listed(plugin, state), []],
            "The list of another group",
          );
        }
      },
    },
  ];
}
