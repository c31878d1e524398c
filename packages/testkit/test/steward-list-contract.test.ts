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

/** State with its list reordered or with other members. */
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
  for (const { name, run } of stewardListContract(sound)) test(`is met by the default: it ${name}`, run);

  const broken: Record<string, [Partial<StewardListPlugin>, string]> = {
    "allows no retries": [
      { create: (conversationId, config) => sound.create(conversationId, config, 0) },
      "starts without a list, with the settings passed in",
    ],
    "does not report the founder's list": [
      { installList: (...inputs) => ({ ...sound.installList(...inputs), events: [] }) },
      "installs the founder alone as the steward of epoch 0",
    ],
    "lists a member twice": [
      { installList: installing((members) => members.map(() => members[0] as MemberId)) },
      "installs a list of the requested size, epoch and round, without duplicates",
    ],
    "does not sort the members": [
      { installList: installing((members, pool) => pool.slice(0, members.length)) },
      "derives the same list from the members in any order",
    ],
    "rotates the list by the number of members": [
      {
        installList: installing((members, pool) => {
          const start = pool.length % members.length;
          return [...members.slice(start), ...members.slice(0, start)];
        }),
      },
      "accepts its own list as derived from the list's members, for joiners",
    ],
    "accepts every order": [
      {
        validateProposed: (state, proposed, epoch, pool, retryRound) =>
          new Set(proposed).size === proposed.length &&
          proposed.length > 0 &&
          sound
            .installList(state, epoch, pool, 3, retryRound)
            .state.list?.members.every((id) => proposed.includes(id)) === true,
      },
      "accepts only the list derived from the same members, epoch and round, in that order",
    ],
    "throws for proposed lists": [
      {
        validateProposed: (state, proposed, epoch, pool, retryRound) => {
          const { members } = generateStewardList(
            { ...state, electionEpoch: epoch, retryRound, candidates: pool },
            proposed.length,
          );
          return members.join() === proposed.join();
        },
      },
      "throws for no list proposed by the network",
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
      "rejects installing an empty list, or one of a size outside the settings",
    ],
    "does not fill the list": [
      { maybeAutoFill: (state) => ({ state, events: [] }) },
      "makes all members stewards in a group below the minimum size, and changes nothing else",
    ],
    "is exhausted from the start": [
      { isExhausted: (state, epoch) => state.list === undefined || sound.isExhausted(state, epoch) },
      "has no stewards and is not exhausted without a list",
    ],
    "gives the first steward every turn": [
      {
        epochSteward: (state, epoch, eligible) =>
          sound.isExhausted(state, epoch) ? undefined : state.list?.members.find(eligible),
      },
      "gives each steward one epoch, in list order, and is exhausted outside its epochs",
    ],
    "is never exhausted": [
      { isExhausted: () => false },
      "gives each steward one epoch, in list order, and is exhausted outside its epochs",
    ],
    "does not pass the turn on": [
      {
        epochSteward: (state, epoch, eligible) => {
          const nominal = sound.epochSteward(state, epoch, () => true);
          return nominal !== undefined && eligible(nominal) ? nominal : undefined;
        },
      },
      "passes the turn to an eligible steward while there is one",
    ],
    "names the steward as its own backup": [
      {
        epochAndBackup: (state, epoch, eligible) => {
          const epochSteward = sound.epochSteward(state, epoch, eligible);
          return { epochSteward, backup: epochSteward };
        },
      },
      "names another eligible steward as a backup, or none",
    ],
    "lets the last steward propose": [
      { electionProposer: (state, eligible) => state.list?.members.findLast(eligible) },
      "lists eligible stewards in list order, the first one as election proposer",
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
      "lets one member propose, the first eligible steward",
    ],
    "proposes on every call": [
      {
        proposeElection: (state, epoch, pool, self, eligible) =>
          sound.proposeElection(state, epoch, pool, self, eligible, true),
      },
      "proposes no election before its list is exhausted, except in recovery, nor without candidates",
    ],
    "proposes another list than it installs": [
      {
        proposeElection: (...inputs) => {
          const decision = sound.proposeElection(...inputs);
          if (decision.kind === "skip") return decision;
          return { ...decision, proposedStewards: decision.proposedStewards.toReversed() };
        },
      },
      "proposes the list that all members derive, with the configured size",
    ],
    "reports no failed elections": [
      { bumpRetry: (state) => ({ ...sound.bumpRetry(state), events: [] }) },
      "counts failed elections, reports each one beyond the limit, and resets the count",
    ],
    "drops its list after a failed election": [
      {
        bumpRetry: (state) => {
          const { state: next, events } = sound.bumpRetry(state);
          return { state: { ...next, list: undefined }, events };
        },
      },
      "counts failed elections, reports each one beyond the limit, and resets the count",
    ],
    "drops its list with its settings": [
      { withConfig: (state, config) => ({ ...state, config, list: undefined }) },
      "applies new settings to later lists, and keeps the list and the count",
    ],
    "mutates its state": [
      {
        resetRetry: (state) => Object.assign(state, { retryRound: 0 }),
      },
      "mutates no state passed in",
    ],
    "holds values that cannot be stored": [
      {
        withMaxRetries: (state, maxRetries) =>
          Object.assign(sound.withMaxRetries(state, maxRetries), { at: new Date(0) }),
      },
      "continues from a stored copy of its state, at any time",
    ],
  };

  test.each(Object.entries(broken))("reports an implementation that %s", async (_what, [change, name]) => {
    expect(await brokenCases(stewardListContract({ ...sound, ...change }))).toContain(name);
  });

  test("reports an implementation that orders by the founding settings, unknown to a joiner", async () => {
    const founding: StewardListPlugin = {
      ...sound,
      create: (conversationId, config, maxRetries) =>
        sound.create(`${conversationId} of at most ${config.snMax}`, config, maxRetries),
    };
    expect(await brokenCases(stewardListContract(founding))).toContain(
      "gives a joiner the same state from settings and list",
    );
  });

  test("reports an implementation that counts for all conversations together", async () => {
    let failed = 0;
    const counting: StewardListPlugin = {
      ...sound,
      bumpRetry: (state) => sound.bumpRetry({ ...state, retryRound: failed++ }),
    };
    expect(await brokenCases(stewardListContract(counting))).toContain(
      "returns the same for the same calls, independently of other conversations",
    );
  });
});
