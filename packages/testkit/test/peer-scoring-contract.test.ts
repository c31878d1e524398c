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

/** Table other than the default: a list of pairs, newest first. */
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
  ])("is met by %s, which", (_what, cases) => {
    for (const { name, run } of cases) test(name, run);
  });

  const broken: Record<string, [Partial<PeerScoringPlugin>, string]> = {
    "ignores the settings passed in": [
      { create: (_config, deltas) => peerScoring.create({ defaultScore: 100n, threshold: 0n }, deltas) },
      "starts without members, with the threshold and the default score passed in",
    ],
    "keeps the score of a removed member": [
      { removeMember: (state) => state },
      "tracks a member from the default score until its removal, and again after its return",
    ],
    "tracks non-members": [
      {
        applyOp: (state, op) =>
          peerScoring.applyOp(
            state.scores.has(op.memberId) ? state : peerScoring.addMember(state, op.memberId),
            op,
          ),
      },
      "ignores members that are not tracked",
    ],
    "lists members in order of arrival": [
      {
        allMembersWithScores: (state) =>
          Array.from(state.scores, ([memberId, score]) => ({ memberId, score })),
      },
      "lists members, members below the threshold and snapshots ascending by id",
    ],
    "excludes members at the threshold": [
      {
        membersBelowThreshold: (state) =>
          peerScoring
            .allMembersWithScores(state)
            .filter(({ score }) => score < state.config.threshold)
            .map(({ memberId }) => memberId),
      },
      "counts a member at the threshold as below it",
    ],
    "ignores a new threshold": [
      { withThreshold: (state) => state },
      "changes the threshold without changing scores",
    ],
    "sets all scores to a new threshold": [
      {
        withThreshold: (state, threshold) => ({
          ...peerScoring.withThreshold(state, threshold),
          scores: new Map([...state.scores.keys()].map((memberId) => [memberId, threshold])),
        }),
      },
      "changes the threshold without changing scores",
    ],
    "counts beyond 64 bits": [
      {
        applyOp: (state, { memberId, event }) => {
          const score = (state.scores.get(memberId) ?? 0n) + state.deltas[event];
          return { ...state, scores: new Map(state.scores).set(memberId, score) };
        },
      },
      "keeps scores within signed 64 bits",
    ],
    "adds a snapshot's scores up": [
      {
        applySnapshot: (state, { diverged }) =>
          peerScoring.applySnapshot(state, {
            diverged: diverged.map(({ memberId, score }) => ({
              memberId,
              score: score + (state.scores.get(memberId) ?? 0n),
            })),
          }),
      },
      "applies a snapshot's scores exactly, to later members too, and repeatedly",
    ],
    "leaves members out of its snapshot": [
      { snapshot: (state) => ({ diverged: peerScoring.snapshot(state).diverged.slice(1) }) },
      "lists exactly the scores other than the default in its snapshot",
    ],
    "scores randomly": [
      {
        applyOp: (state, op) => (Math.random() < 0.5 ? peerScoring.applyOp(state, op) : state),
      },
      "returns the same for the same calls, independently of other conversations",
    ],
    "mutates its state": [
      {
        applyOp: (state, op) => {
          const next = peerScoring.applyOp(state, op);
          for (const [memberId, score] of next.scores)
            (state.scores as Map<MemberId, bigint>).set(memberId, score);
          return next;
        },
      },
      "mutates no state passed in",
    ],
  };

  test.each(Object.entries(broken))("reports an implementation that %s", async (_what, [change, name]) => {
    expect(await brokenCases(peerScoringContract({ ...peerScoring, ...change }))).toContain(name);
  });

  /** Costs more with every repetition, by a count missing from the snapshot. */
  interface Counting extends ScoringState {
    readonly counts: ReadonlyMap<MemberId, bigint>;
  }

  test("reports only the violated case of an implementation with counts missing from the snapshot", async () => {
    const lift = (counts: Counting["counts"], state: ScoringState): Counting => ({ ...state, counts });
    const counting: PeerScoringPlugin<Counting> = {
      ...(peerScoring as PeerScoringPlugin<never>),
      create: (config, deltas) => lift(new Map(), peerScoring.create(config, deltas)),
      addMember(state, memberId) {
        return lift(new Map(state.counts).set(memberId, 0n), peerScoring.addMember(state, memberId));
      },
      removeMember: (state, memberId) => lift(state.counts, peerScoring.removeMember(state, memberId)),
      applyOp(state, op) {
        const count = (state.counts.get(op.memberId) ?? 0n) + 1n;
        const deltas = { ...state.deltas, [op.event]: state.deltas[op.event] * count };
        const next = peerScoring.applyOp({ ...state, deltas }, op);
        return lift(new Map(state.counts).set(op.memberId, count), { ...next, deltas: state.deltas });
      },
      applySnapshot: (state, snapshot) => lift(state.counts, peerScoring.applySnapshot(state, snapshot)),
      withThreshold: (state, threshold) => lift(state.counts, peerScoring.withThreshold(state, threshold)),
    };
    expect(await brokenCases(peerScoringContract(counting))).toEqual([
      "gives a joiner the same scores from a snapshot, now and after later events",
    ]);
  });

  test("reports only the violated cases of an implementation whose state is not plain data", async () => {
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
      "mutates no state passed in",
      "continues from a stored copy of its state, at any time",
    ]);
  });

  test("reports an implementation with internal state", async () => {
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
        "mutates no state passed in",
        "returns the same for the same calls, independently of other conversations",
      ]),
    );
  });
});

describe("the contract of score tables", () => {
  describe.each<[string, readonly { name: string; run(): Promise<void> }[]]>([
    ["the default", peerScoreStorageContract(mapScoreStorage)],
    ["a list", peerScoreStorageContract(listStorage)],
  ])("is met by %s, which", (_what, cases) => {
    for (const { name, run } of cases) test(name, run);
  });

  const shared = new Map<MemberId, bigint>();
  const broken: Record<string, [Partial<PeerScoreStorage>, string]> = {
    "starts with another table's scores": [
      {
        empty: () => shared,
        set: (_scores, entries) => (
          entries.forEach(({ memberId, score }) => shared.set(memberId, score)),
          shared
        ),
      },
      "starts without members",
    ],
    "returns no scores": [{ get: () => undefined }, "returns all scores that were set, each member once"],
    "keeps the first score": [
      { set: (scores, entries) => mapScoreStorage.set(scores, entries.toReversed()) },
      "keeps the last of several scores of one member",
    ],
    "drops all scores": [{ remove: () => new Map() }, "drops a removed member's score, and no other"],
    "mutates its table": [
      {
        set(scores, entries) {
          for (const { memberId, score } of entries) (scores as Map<MemberId, bigint>).set(memberId, score);
          return scores;
        },
      },
      "mutates no table passed in",
    ],
  };

  test.each(Object.entries(broken))("reports an implementation that %s", async (_what, [change, name]) => {
    shared.clear();
    expect(await brokenCases(peerScoreStorageContract({ ...mapScoreStorage, ...change }))).toContain(name);
  });

  test("reports only the violated case of a storage whose table is not plain data", async () => {
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
      "continues from a stored copy of its table",
    ]);
  });
});
