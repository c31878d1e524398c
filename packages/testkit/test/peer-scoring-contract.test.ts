import {
  createMapScoreStorage,
  createPeerScoring,
  type MemberScore,
  type PeerScoreStorage,
  type PeerScoringPlugin,
  type ScoringState,
} from "@demls/scoring";
import type { MemberId } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { peerScoringContract, peerScoreStorageContract } from "../src/index.js";
import { brokenCases } from "./broken-cases.js";

const mapScoreStorage = createMapScoreStorage();
const peerScoring = createPeerScoring();

/** A table unlike the default's: pairs in a list, newest first. */
const listStorage: PeerScoreStorage<readonly MemberScore[]> = {
  empty: () => [],
  get: (scores, memberId) => scores.find((entry) => entry.memberId === memberId)?.score,
  set: (scores, entries) => {
    const newest = new Map(entries.map(({ memberId, score }) => [memberId, score]));
    const added = [...newest].map(([memberId, score]) => ({ memberId, score }));
    return [...added, ...scores.filter(({ memberId }) => !newest.has(memberId))];
  },
  remove: (scores, memberId) => scores.filter((entry) => entry.memberId !== memberId),
  allScores: (scores) => scores,
};

describe("the contract of scoring", () => {
  describe.each<[string, readonly { name: string; run(): Promise<void> }[]]>([
    ["the default", peerScoringContract(peerScoring)],
    ["the default over another storage", peerScoringContract(createPeerScoring({ storage: listStorage }))],
  ])("is held to by %s, which", (_what, cases) => {
    for (const { name, run } of cases) test(name, run);
  });

  const broken: Record<string, [Partial<PeerScoringPlugin>, string]> = {
    "begins at settings of its own": [
      { create: (_config, deltas) => peerScoring.create({ defaultScore: 100n, threshold: 0n }, deltas) },
      "begins with nobody, at the threshold and the default score that it was given",
    ],
    "keeps the score of who was removed": [
      { removeMember: (state) => state },
      "tracks a member at the default score until it is removed, and anew when it is back",
    ],
    "tracks whoever is spoken of": [
      {
        applyOps: (state, ops) => {
          const strangers = ops.filter(({ memberId }) => !state.scores.has(memberId));
          const entries = strangers.map(({ memberId }) => ({ memberId, score: -1n }));
          return peerScoring.applyOps({ ...state, scores: mapScoreStorage.set(state.scores, entries) }, ops);
        },
      },
      "leaves alone who is not tracked",
    ],
    "lists members as they came": [
      {
        allMembersWithScores: (state) =>
          Array.from(state.scores, ([memberId, score]) => ({ memberId, score })),
      },
      "lists members, those below the threshold and a snapshot ascending by id, however they came in",
    ],
    "spares who is at the threshold": [
      {
        membersBelowThreshold: (state) =>
          peerScoring
            .allMembersWithScores(state)
            .filter(({ score }) => score < state.config.threshold)
            .map(({ memberId }) => memberId),
      },
      "counts a member at the threshold as below it",
    ],
    "does not take a threshold": [
      { withThreshold: (state) => state },
      "takes another threshold and another default score, without a change to anyone's",
    ],
    "sets everyone to a new default score": [
      {
        withDefaultScore: (state, defaultScore) => ({
          ...peerScoring.withDefaultScore(state, defaultScore),
          scores: new Map([...state.scores.keys()].map((memberId) => [memberId, defaultScore])),
        }),
      },
      "takes another threshold and another default score, without a change to anyone's",
    ],
    "sums a batch up": [
      {
        applyOps: (state, ops) => {
          const { state: next, events } = peerScoring.applyOps(state, ops);
          return { state: next, events: events.slice(-1) };
        },
      },
      "comes to the same by operations at once as by one after another",
    ],
    "tells nothing": [
      { applyOp: (state, op) => ({ ...peerScoring.applyOp(state, op), events: [] }) },
      "tells each crossing of the threshold, and nothing else",
    ],
    "does not tell of a newcomer": [
      { addMember: (state, memberId) => ({ ...peerScoring.addMember(state, memberId), events: [] }) },
      "tells at once of a new member whose score is too low",
    ],
    "counts beyond 64 bits": [
      {
        applyOp: (state, { memberId, event }) => {
          const score = (state.scores.get(memberId) ?? 0n) + state.deltas[event];
          return { state: { ...state, scores: new Map(state.scores).set(memberId, score) }, events: [] };
        },
      },
      "keeps scores within signed 64 bits",
    ],
    "adds a snapshot up": [
      {
        applySnapshot: (state, { diverged }) =>
          peerScoring.applySnapshot(state, {
            diverged: diverged.map(({ memberId, score }) => ({
              memberId,
              score: score + (state.scores.get(memberId) ?? 0n),
            })),
          }),
      },
      "sets the scores of a snapshot as they are, also of who comes later, and tells them once",
    ],
    "leaves members out of its snapshot": [
      { snapshot: (state) => ({ diverged: peerScoring.snapshot(state).diverged.slice(1) }) },
      "has in its snapshot the scores that are not the default, and no others",
    ],
    "counts by chance": [
      {
        applyOp: (state, op) =>
          Math.random() < 0.5 ? peerScoring.applyOp(state, op) : { state, events: [] },
      },
      "comes to the same by the same calls, whatever other conversations do",
    ],
    "writes into its state": [
      {
        applyOp: (state, op) => {
          const update = peerScoring.applyOp(state, op);
          for (const [memberId, score] of update.state.scores)
            (state.scores as Map<MemberId, bigint>).set(memberId, score);
          return update;
        },
      },
      "changes no state that it was given",
    ],
  };

  test.each(Object.entries(broken))("is broken by one that %s", async (_what, [change, name]) => {
    expect(await brokenCases(peerScoringContract({ ...peerScoring, ...change }))).toContain(name);
  });

  /** Costs more with every repetition, by a count that no snapshot carries. */
  interface Counting extends ScoringState {
    readonly counts: ReadonlyMap<MemberId, bigint>;
  }

  test("is broken by one that counts what does not travel to joiners, in that alone", async () => {
    const lift = (counts: Counting["counts"], state: ScoringState): Counting => ({ ...state, counts });
    const counting: PeerScoringPlugin<Counting> = {
      ...(peerScoring as PeerScoringPlugin<never>),
      create: (config, deltas) => lift(new Map(), peerScoring.create(config, deltas)),
      addMember(state, memberId) {
        const { state: next, events } = peerScoring.addMember(state, memberId);
        return { state: lift(new Map(state.counts).set(memberId, 0n), next), events };
      },
      removeMember: (state, memberId) => lift(state.counts, peerScoring.removeMember(state, memberId)),
      applyOp(state, op) {
        const count = (state.counts.get(op.memberId) ?? 0n) + 1n;
        const deltas = { ...state.deltas, [op.event]: state.deltas[op.event] * count };
        const { state: next, events } = peerScoring.applyOp({ ...state, deltas }, op);
        return {
          state: lift(new Map(state.counts).set(op.memberId, count), { ...next, deltas: state.deltas }),
          events,
        };
      },
      applyOps(state, ops) {
        let now = state;
        const events = ops.flatMap((op) => {
          const update = counting.applyOp(now, op);
          now = update.state;
          return update.events;
        });
        return { state: now, events };
      },
      applySnapshot(state, snapshot) {
        const { state: next, events } = peerScoring.applySnapshot(state, snapshot);
        return { state: lift(state.counts, next), events };
      },
      withThreshold: (state, threshold) => lift(state.counts, peerScoring.withThreshold(state, threshold)),
      withDefaultScore: (state, score) => lift(state.counts, peerScoring.withDefaultScore(state, score)),
    };
    expect(await brokenCases(peerScoringContract(counting))).toEqual([
      "brings a joiner by its snapshot to where the others are, now and after what happens next",
    ]);
  });

  test("is broken by one whose state is no plain data, in that alone", async () => {
    class Scores extends Map<MemberId, bigint> {}
    const storage: PeerScoreStorage<Scores> = {
      empty: () => new Scores(),
      get: (scores, memberId) => scores.get(memberId),
      set: (scores, entries) =>
        new Scores([...scores, ...entries.map(({ memberId, score }) => [memberId, score] as const)]),
      remove: (scores, memberId) => new Scores([...scores].filter(([id]) => id !== memberId)),
      allScores: (scores) => Array.from(scores, ([memberId, score]) => ({ memberId, score })),
    };
    const classy = createPeerScoring({ storage });
    expect(await brokenCases(peerScoringContract(classy))).toEqual([
      "changes no state that it was given",
      "goes on from a stored copy of its state, at any time",
    ]);
  });

  test("is broken by one that holds the scores itself", async () => {
    const shared = new Map<MemberId, bigint>();
    const storage: PeerScoreStorage = {
      ...mapScoreStorage,
      empty: () => shared,
      set(_scores, entries) {
        for (const { memberId, score } of entries) shared.set(memberId, score);
        return shared;
      },
    };
    const hoarding = createPeerScoring({ storage });
    expect(await brokenCases(peerScoringContract(hoarding))).toEqual(
      expect.arrayContaining([
        "changes no state that it was given",
        "comes to the same by the same calls, whatever other conversations do",
      ]),
    );
  });
});

describe("the contract of score tables", () => {
  describe.each<[string, readonly { name: string; run(): Promise<void> }[]]>([
    ["the default", peerScoreStorageContract(mapScoreStorage)],
    ["a list", peerScoreStorageContract(listStorage)],
  ])("is held to by %s, which", (_what, cases) => {
    for (const { name, run } of cases) test(name, run);
  });

  const shared = new Map<MemberId, bigint>();
  const broken: Record<string, [Partial<PeerScoreStorage>, string]> = {
    "begins with what another has": [
      {
        empty: () => shared,
        set: (_scores, entries) => (
          entries.forEach(({ memberId, score }) => shared.set(memberId, score)),
          shared
        ),
      },
      "begins with nobody",
    ],
    "finds nobody": [{ get: () => undefined }, "finds what was set, each member once"],
    "lets the first score count": [
      { set: (scores, entries) => mapScoreStorage.set(scores, entries.toReversed()) },
      "lets the last of several scores of one member count",
    ],
    "forgets everyone": [{ remove: () => new Map() }, "forgets a member that is removed, and no other"],
    "writes into its table": [
      {
        set(scores, entries) {
          for (const { memberId, score } of entries) (scores as Map<MemberId, bigint>).set(memberId, score);
          return scores;
        },
      },
      "changes no table that it was given",
    ],
  };

  test.each(Object.entries(broken))("is broken by one that %s", async (_what, [change, name]) => {
    shared.clear();
    expect(await brokenCases(peerScoreStorageContract({ ...mapScoreStorage, ...change }))).toContain(name);
  });

  test("is broken by one whose table is no plain data, in that alone", async () => {
    class Table {
      constructor(readonly scores: ReadonlyMap<MemberId, bigint> = new Map()) {}
    }
    const classy: PeerScoreStorage<Table> = {
      empty: () => new Table(),
      get: ({ scores }, memberId) => scores.get(memberId),
      set: ({ scores }, entries) => new Table(mapScoreStorage.set(scores, entries)),
      remove: ({ scores }, memberId) => new Table(mapScoreStorage.remove(scores, memberId)),
      allScores: ({ scores }) => mapScoreStorage.allScores(scores),
    };
    expect(await brokenCases(peerScoreStorageContract(classy))).toEqual([
      "goes on from a stored copy of its table",
    ]);
  });
});
