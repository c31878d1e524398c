import {
  createDeterministicStewardList,
  generateStewardList,
  type StewardListPlugin,
  type StewardState,
} from "@demls/steward";
import type { MemberId } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { stewardListContract } from "../src/index.js";
import { brokenCases } from "./broken-cases.js";

const sound = createDeterministicStewardList();

/** The state with its list in another order, or of other members. */
function relisted(
  state: StewardState,
  change: (members: readonly MemberId[]) => readonly MemberId[],
): StewardState {
  return state.list === undefined
    ? state
    : { ...state, list: { ...state.list, members: change(state.list.members) } };
}

/** Installs a list, and changes it. */
function installing(
  change: (members: readonly MemberId[], pool: readonly MemberId[]) => readonly MemberId[],
): StewardListPlugin["installList"] {
  return (state, epoch, pool, size, retryRound) => {
    const { state: next, events } = sound.installList(state, epoch, pool, size, retryRound);
    return { state: relisted(next, (members) => change(members, pool)), events };
  };
}

describe("the contract of steward lists", () => {
  for (const { name, run } of stewardListContract(sound)) test(`is held to by the default: it ${name}`, run);

  const broken: Record<string, [Partial<StewardListPlugin>, string]> = {
    "allows no retries": [
      { create: (conversationId, config) => sound.create(conversationId, config, 0) },
      "begins without a list, with the settings that it was given",
    ],
    "does not tell of the founder": [
      { installList: (...inputs) => ({ ...sound.installList(...inputs), events: [] }) },
      "installs a founder alone, as the steward of epoch 0",
    ],
    "lists a member twice": [
      { installList: installing((members) => members.map(() => members[0] as MemberId)) },
      "puts in force a list of so many members, each once, of that epoch and round",
    ],
    "takes members as they come": [
      { installList: installing((members, pool) => pool.slice(0, members.length)) },
      "comes to the same list in whatever order it is told the members",
    ],
    "turns the list by the number of members": [
      {
        installList: installing((members, pool) => {
          const start = pool.length % members.length;
          return [...members.slice(start), ...members.slice(0, start)];
        }),
      },
      "takes a list that it came to for one drawn from its own members, as it travels to a joiner",
    ],
    "finds every order valid": [
      {
        validateProposed: (state, proposed, epoch, pool, retryRound) =>
          new Set(proposed).size === proposed.length &&
          proposed.length > 0 &&
          sound
            .installList(state, epoch, pool, 3, retryRound)
            .state.list?.members.every((id) => proposed.includes(id)) === true,
      },
      "finds the list valid that follows from the same members, epoch and round, and no other order of it",
    ],
    "throws at what is proposed": [
      {
        validateProposed: (state, proposed, epoch, pool, retryRound) => {
          const { members } = generateStewardList(
            { ...state, electionEpoch: epoch, retryRound, candidates: pool },
            proposed.length,
          );
          return members.join() === proposed.join();
        },
      },
      "throws at no list that the network proposes",
    ],
    "installs any size": [
      {
        installList: (state, epoch, pool, size, retryRound) => {
          const config = { ...state.config, snMin: 1, snMax: 10_000 };
          const update = sound.installList(
            { ...state, config },
            epoch,
            pool,
            Math.max(1, size | 0),
            retryRound,
          );
          return { ...update, state: { ...update.state, config: state.config } };
        },
      },
      "refuses to install a list of nobody, or of a size that the settings do not allow",
    ],
    "fills no list": [
      { maybeAutoFill: (state) => ({ state, events: [] }) },
      "makes everyone a steward in a group that is smaller than the least number, and changes nothing else",
    ],
    "is used up from the start": [
      { isExhausted: (state, epoch) => state.list === undefined || sound.isExhausted(state, epoch) },
      "has no stewards and is not used up while there is no list",
    ],
    "gives the first steward every turn": [
      {
        epochSteward: (state, epoch, eligible) =>
          sound.isExhausted(state, epoch) ? undefined : state.list?.members.find(eligible),
      },
      "gives each steward of the list one epoch, in its order, and is used up after the last and before the first",
    ],
    "is never used up": [
      { isExhausted: () => false },
      "gives each steward of the list one epoch, in its order, and is used up after the last and before the first",
    ],
    "passes no turn on": [
      {
        epochSteward: (state, epoch, eligible) => {
          const nominal = sound.epochSteward(state, epoch, () => true);
          return nominal !== undefined && eligible(nominal) ? nominal : undefined;
        },
      },
      "passes the turn on to one that may serve, as long as there is one",
    ],
    "names the steward as its own backup": [
      {
        epochAndBackup: (state, epoch, eligible) => {
          const epochSteward = sound.epochSteward(state, epoch, eligible);
          return { epochSteward, backup: epochSteward };
        },
      },
      "names as a backup another one that may serve, and nobody where there is none",
    ],
    "lets the last steward propose": [
      { electionProposer: (state, eligible) => state.list?.members.findLast(eligible) },
      "lists the stewards that may serve in the order of the list, the first of them to propose an election",
    ],
    "lets every steward propose": [
      {
        proposeElection: (state, epoch, pool, self, eligible, recovery) =>
          sound.proposeElection(
            state,
            epoch,
            pool,
            (sound.isSteward(state, self) && sound.electionProposer(state, eligible)) || self,
            eligible,
            recovery,
          ),
      },
      "proposes by one member alone, the first steward that may serve",
    ],
    "proposes whenever it is asked": [
      {
        proposeElection: (state, epoch, pool, self, eligible) =>
          sound.proposeElection(state, epoch, pool, self, eligible, true),
      },
      "proposes no election before its list is used up, except in recovery, nor where there is nobody to elect",
    ],
    "proposes another list than it installs": [
      {
        proposeElection: (...inputs) => {
          const decision = sound.proposeElection(...inputs);
          if (decision.kind === "skip") return decision;
          return { ...decision, proposedStewards: decision.proposedStewards.toReversed() };
        },
      },
      "proposes the list that everyone derives, of the size that the settings call for",
    ],
    "tells of no failed elections": [
      { bumpRetry: (state) => ({ ...sound.bumpRetry(state), events: [] }) },
      "counts failed elections apart from the list, tells each one beyond the limit, and forgets them",
    ],
    "drops its list where an election failed": [
      {
        bumpRetry: (state) => {
          const { state: next, events } = sound.bumpRetry(state);
          return { state: { ...next, list: undefined }, events };
        },
      },
      "counts failed elections apart from the list, tells each one beyond the limit, and forgets them",
    ],
    "forgets its list with its settings": [
      { withConfig: (state, config) => ({ ...state, config, list: undefined }) },
      "takes other settings for lists to come, and leaves the list and the count",
    ],
    "writes into its state": [
      {
        resetRetry: (state) => Object.assign(state, { retryRound: 0 }),
      },
      "changes no state that it was given",
    ],
    "holds what cannot be stored": [
      {
        withMaxRetries: (state, maxRetries) =>
          Object.assign(sound.withMaxRetries(state, maxRetries), { at: new Date(0) }),
      },
      "goes on from a stored copy of its state, at any time",
    ],
  };

  test.each(Object.entries(broken))("is broken by one that %s", async (_what, [change, name]) => {
    expect(await brokenCases(stewardListContract({ ...sound, ...change }))).toContain(name);
  });

  test("is broken by one that orders by the founding settings, which a joiner does not have", async () => {
    const founding: StewardListPlugin = {
      ...sound,
      create: (conversationId, config, maxRetries) =>
        sound.create(`${conversationId} of at most ${config.snMax}`, config, maxRetries),
    };
    expect(await brokenCases(stewardListContract(founding))).toContain(
      "brings a joiner by settings and list to where the others are",
    );
  });

  test("is broken by one that counts for all conversations together", async () => {
    let failed = 0;
    const counting: StewardListPlugin = {
      ...sound,
      bumpRetry: (state) => sound.bumpRetry({ ...state, retryRound: failed++ }),
    };
    expect(await brokenCases(stewardListContract(counting))).toContain(
      "comes to the same by the same calls, whatever other conversations do",
    );
  });
});
