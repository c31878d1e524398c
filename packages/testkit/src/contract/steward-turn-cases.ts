import type { StewardListPlugin } from "@demls/steward";
import { broken, expectEqual, type ContractCase } from "./contract-case.js";
import { allBut, everyone, listed, withList, withoutList } from "./steward-samples.js";

/** Cases about turns: epoch stewards, backups and exhausted lists. */
export function stewardTurnCases<S>(plugin: StewardListPlugin<S>): ContractCase[] {
  const nobody = (): boolean => false;
  const stewardsOf = (
    state: S,
    epoch: bigint,
    eligible = everyone as Parameters<typeof plugin.epochSteward>[2],
  ) => plugin.epochAndBackup(state, epoch, eligible);
  return [
    {
      name: "has no stewards and is not exhausted without a list",
      async run() {
        const state = withoutList(plugin);
        expectEqual(plugin.isExhausted(state, 0n), false, "Whether it is exhausted");
        expectEqual(plugin.epochSteward(state, 0n, everyone), undefined, "The steward of an epoch");
        expectEqual(stewardsOf(state, 0n), { epochSteward: undefined, backup: undefined }, "Both stewards");
        expectEqual(plugin.stewardMembers(state, everyone), [], "The stewards");
        expectEqual(plugin.electionProposer(state, everyone), undefined, "The election proposer");
      },
    },
    {
      name: "gives each steward one epoch, in list order, and is exhausted outside its epochs",
      async run() {
        for (const size of [1, 2, 3, 5]) {
          const state = withList(plugin, size);
          const turns = Array.from({ length: size }, (_, i) =>
            plugin.epochSteward(state, 4n + BigInt(i), everyone),
          );
          expectEqual(turns, listed(plugin, state), "The stewards of the epochs");
          const epochs = [0n, 3n, 4n, 3n + BigInt(size), 4n + BigInt(size), 900n];
          const used = epochs.map((epoch) => plugin.isExhausted(state, epoch));
          expectEqual(
            used,
            [true, true, false, false, true, true],
            `Whether it is exhausted, at ${epochs.join(", ")}`,
          );
          for (const epoch of [3n, 4n + BigInt(size)])
            expectEqual(
              plugin.epochSteward(state, epoch, everyone),
              undefined,
              "The steward of an epoch beyond it",
            );
        }
      },
    },
    {
      name: "passes the turn to an eligible steward while there is one",
      async run() {
        const state = withList(plugin);
        const list = listed(plugin, state);
        for (const epoch of [4n, 5n, 6n]) {
          for (const only of list)
            expectEqual(
              plugin.epochSteward(state, epoch, (id) => id === only),
              only,
              "The only eligible steward",
            );
          const nominal = plugin.epochSteward(state, epoch, everyone);
          const next = plugin.epochSteward(state, epoch, allBut(nominal));
          if (next === undefined || next === nominal || !list.includes(next))
            throw broken(`The turn of a former steward passes to ${next ?? "no steward"}.`);
          expectEqual(
            plugin.epochSteward(state, epoch, nobody),
            undefined,
            "The steward without eligible members",
          );
        }
      },
    },
    {
      name: "names another eligible steward as a backup, or none",
      async run() {
        const state = withList(plugin);
        const list = listed(plugin, state);
        const subsets = [
          everyone,
          ...list.map((gone) => allBut(gone)),
          ...list.map((only) => (id: string) => id === only),
        ];
        for (const epoch of [4n, 5n, 6n]) {
          for (const eligible of [...subsets, nobody]) {
            const { epochSteward, backup } = stewardsOf(state, epoch, eligible);
            const able = list.filter(eligible);
            expectEqual(
              epochSteward,
              plugin.epochSteward(state, epoch, eligible),
              "The steward beside its backup",
            );
            const named = [epochSteward, backup].filter((id) => id !== undefined);
            expectEqual(new Set(named).size, Math.min(2, able.length), "The number of different stewards");
            expectEqual(
              named.filter((id) => !able.includes(id)),
              [],
              "The ineligible stewards named",
            );
            if (epochSteward === undefined) expectEqual(backup, undefined, "The backup without a steward");
          }
        }
      },
    },
    {
      name: "lists eligible stewards in list order, the first one as election proposer",
      async run() {
        const state = withList(plugin);
        const list = listed(plugin, state);
        for (const eligible of [everyone, nobody, ...list.map((gone) => allBut(gone))]) {
          expectEqual(plugin.stewardMembers(state, eligible), list.filter(eligible), "The eligible stewards");
          expectEqual(plugin.electionProposer(state, eligible), list.find(eligible), "The election proposer");
        }
      },
    },
  ];
}
