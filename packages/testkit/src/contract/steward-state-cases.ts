import { stewardListConfig, type StewardListPlugin } from "@demls/steward";
import { expectEqual, type ContractCase } from "./contract-case.js";
import { storedCopy } from "./plain-data.js";
import { allBut, everyone, listed, MEMBERS, withList, withoutList } from "./steward-samples.js";

/** Epochs at which a state is inspected. */
const EPOCHS = [3n, 4n, 5n, 6n, 7n];

/** Cases about the state: an immutable value that can be stored and reused. */
export function stewardStateCases<S>(plugin: StewardListPlugin<S>): ContractCase[] {
  /** Everything that a conversation reads from a state, except settings and the count of failed elections. */
  const turns = (state: S): unknown => [
    plugin.currentList(state),
    EPOCHS.map((epoch) => plugin.isExhausted(state, epoch)),
    [everyone, allBut(listed(plugin, state)[0])].map((eligible) => [
      EPOCHS.map((epoch) => plugin.epochAndBackup(state, epoch, eligible)),
      plugin.stewardMembers(state, eligible),
      plugin.electionProposer(state, eligible),
    ]),
  ];
  const inspected = (state: S): unknown => [
    turns(state),
    [plugin.config(state), plugin.maxRetries(state), plugin.retryRound(state)],
    MEMBERS.map((self) => plugin.proposeElection(state, 9n, MEMBERS, self, everyone, true)),
  ];

  /** Operations of a conversation, step by step. */
  const steps: readonly ((state: S) => S)[] = [
    (state) => plugin.installList(state, 0n, MEMBERS.slice(0, 1), 1, 0).state,
    (state) => plugin.bumpRetry(state).state,
    (state) => plugin.withConfig(state, stewardListConfig({ snMin: 2, snMax: 4 })),
    (state) => plugin.maybeAutoFill(state, 1n, MEMBERS.slice(0, 1)).state,
    (state) => plugin.installList(state, 4n, MEMBERS, 4, 1).state,
    (state) => plugin.bumpRetry(state).state,
    (state) => plugin.withMaxRetries(state, 6),
    (state) => plugin.resetRetry(state),
  ];

  return [
    {
      name: "gives a joiner the same state from settings and list",
      async run() {
        const state = withList(plugin);
        const list = plugin.currentList(state);
        const [members, epoch, retryRound] = [
          list?.members ?? [],
          list?.electionEpoch ?? 0n,
          list?.retryRound ?? 0,
        ];
        const newcomer = plugin.create("garden", stewardListConfig({ snMin: 1, snMax: 9 }), 7);
        const told = plugin.withMaxRetries(
          plugin.withConfig(newcomer, plugin.config(state)),
          plugin.maxRetries(state),
        );
        const joined = plugin.installList(told, epoch, members, members.length, retryRound).state;
        expectEqual(inspected(joined), inspected(state), "The joiner's state");
      },
    },
    {
      name: "mutates no state passed in",
      async run() {
        let state = withoutList(plugin, { snMax: 4 });
        for (const step of steps) {
          const before = storedCopy(state);
          for (const other of steps) other(state);
          inspected(state);
          plugin.validateProposed(state, listed(plugin, state), 4n, MEMBERS, 0);
          expectEqual(storedCopy(state), before, "The former state");
          state = step(state);
        }
      },
    },
    {
      name: "continues from a stored copy of its state, at any time",
      async run() {
        const start = withoutList(plugin, { snMax: 4 });
        const straight = steps.reduce((state, step) => step(state), start);
        const restarting = steps.reduce((state, step) => step(storedCopy(state)), start);
        expectEqual(inspected(storedCopy(restarting)), inspected(straight), "The resulting state");
      },
    },
    {
      name: "returns the same for the same calls, independently of other conversations",
      async run() {
        const alone: unknown[] = [];
        let one = withoutList(plugin, { snMax: 4 });
        for (const step of steps) alone.push(inspected((one = step(one))));
        one = withoutList(plugin, { snMax: 4 });
        let other = plugin.create("cellar", stewardListConfig({ snMin: 1, snMax: 4 }), 9);
        for (const [i, step] of steps.entries()) {
          one = step(one);
          other = plugin.bumpRetry(step(other)).state;
          expectEqual(inspected(one), alone[i], "The state next to another conversation");
        }
      },
    },
  ];
}
