import type { MemberId } from "@demls/wire/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  createMapScoreStorage,
  createPeerScoring,
  MAX_SCORE,
  MIN_SCORE,
  scoreDeltas,
  scoringConfig,
  type MemberScore,
  type PeerScoreStorage,
  type PeerScoringPlugin,
  type ScoreOp,
  type ScoringState,
} from "../src/index.js";
import { anyMember, anyOps, anyScore, members, scoreEvents, stranger } from "./fixtures.js";

const mapScoreStorage = createMapScoreStorage();

const peerScoring = createPeerScoring();

const [first, second] = members as [MemberId, MemberId];

/** A second storage for comparison: a sorted list of pairs. */
const listStorage: PeerScoreStorage<readonly MemberScore[]> = {
  empty: () => [],
  get: (scores, memberId) => scores.find((entry) => entry.memberId === memberId)?.score,
  set: (scores, entries) =>
    entries.reduce<readonly MemberScore[]>(
      (list, entry) => [...list.filter(({ memberId }) => memberId !== entry.memberId), entry],
      scores,
    ),
  remove: (scores, memberId) => scores.filter((entry) => entry.memberId !== memberId),
  allScores: (scores) => scores,
};

function tracking<S>(plugin: PeerScoringPlugin<S>, state: S, ids: readonly MemberId[]): S {
  return ids.reduce((tracked, id) => plugin.addMember(tracked, id), state);
}

const anyConfig = fc.record({ defaultScore: anyScore, threshold: anyScore }).map(scoringConfig);
const anyDeltas = fc
  .record(Object.fromEntries(scoreEvents.map((event) => [event, anyScore])))
  .map(scoreDeltas);
const anyState: fc.Arbitrary<ScoringState> = fc
  .tuple(anyConfig, anyDeltas)
  .map(([config, deltas]) => tracking(peerScoring, peerScoring.create(config, deltas), members));

const standard = tracking(peerScoring, peerScoring.create(scoringConfig(), scoreDeltas()), members);

/** Applies operations one after another. */
function after<S>(plugin: PeerScoringPlugin<S>, start: S, ops: readonly ScoreOp[]): S {
  return ops.reduce((state, op) => plugin.applyOp(state, op), start);
}

const accused = (memberId: MemberId): ScoreOp => ({ memberId, event: "broken-commit" });

describe("scores", () => {
  it("stay within 64 bits after any operations", () => {
    fc.assert(
      fc.property(anyState, anyOps, (state, ops) => {
        for (const { score } of peerScoring.allMembersWithScores(after(peerScoring, state, ops))) {
          expect(score >= MIN_SCORE && score <= MAX_SCORE).toBe(true);
        }
      }),
    );
  });

  it("from a snapshot or a setting beyond 64 bits are clamped", () => {
    const state = peerScoring.applySnapshot(standard, {
      diverged: [
        { memberId: first, score: MAX_SCORE + 1n },
        { memberId: second, score: MIN_SCORE - 1n },
      ],
    });
    expect(peerScoring.scoreFor(state, first)).toBe(MAX_SCORE);
    expect(peerScoring.scoreFor(state, second)).toBe(MIN_SCORE);
    expect(peerScoring.threshold(peerScoring.withThreshold(state, 2n ** 70n))).toBe(MAX_SCORE);
    expect(peerScoring.threshold(peerScoring.withThreshold(state, -(2n ** 70n)))).toBe(MIN_SCORE);
  });

  it("of an earlier state do not change", () => {
    const before = peerScoring.allMembersWithScores(standard);
    after(peerScoring, standard, [accused(first), accused(second)]);
    peerScoring.applySnapshot(standard, { diverged: [{ memberId: first, score: 1n }] });
    peerScoring.removeMember(standard, first);
    peerScoring.addMember(standard, stranger);
    expect(peerScoring.allMembersWithScores(standard)).toEqual(before);
  });

  it("do not change by operations on strangers", () => {
    expect(peerScoring.applyOp(standard, accused(stranger))).toBe(standard);
  });
});

describe("snapshots", () => {
  it("that name a member twice set the last of its scores", () => {
    const diverged = [-1n, 1n].map((score) => ({ memberId: first, score }));
    expect(peerScoring.scoreFor(peerScoring.applySnapshot(standard, { diverged }), first)).toBe(1n);
  });

  it("give a joiner with the same members the same scores", () => {
    fc.assert(
      fc.property(anyState, anyOps, (start, ops) => {
        const state = after(peerScoring, start, ops);
        const joined = peerScoring.applySnapshot(start, peerScoring.snapshot(state));
        const diverged = new Set(peerScoring.snapshot(state).diverged.map(({ memberId }) => memberId));
        for (const { memberId, score } of peerScoring.allMembersWithScores(joined)) {
          expect(score).toBe(peerScoring.scoreFor(state, memberId));
          expect(diverged.has(memberId)).toBe(score !== peerScoring.defaultScore(state));
        }
      }),
    );
  });
});

describe("listings", () => {
  it("are ordered by member id, whatever the order of joining", () => {
    const arrivals = fc.shuffledSubarray([...members], { minLength: members.length });
    const empty = peerScoring.create(scoringConfig(), scoreDeltas());
    fc.assert(
      fc.property(arrivals, anyOps, (ids, ops) => {
        const state = after(peerScoring, tracking(peerScoring, empty, ids), ops);
        expect(peerScoring.allMembersWithScores(state).map(({ memberId }) => memberId)).toEqual(members);
        for (const listed of [
          peerScoring.membersBelowThreshold(state),
          peerScoring.snapshot(state).diverged.map(({ memberId }) => memberId),
        ]) {
          expect(listed).toEqual(members.filter((id) => listed.includes(id)));
        }
      }),
    );
  });
});

describe("members", () => {
  it("that are removed have no score, and removing them again changes nothing", () => {
    const once = peerScoring.removeMember(standard, first);
    expect(peerScoring.scoreFor(once, first)).toBeUndefined();
    expect(peerScoring.removeMember(once, first)).toEqual(once);
  });

  it("that are added again start over", () => {
    const lower = peerScoring.applyOp(standard, accused(first));
    expect(peerScoring.scoreFor(peerScoring.addMember(lower, first), first)).toBe(100n);
  });
});

describe("another storage", () => {
  const overList = createPeerScoring({ storage: listStorage });

  it("leads to the same scores and snapshots", () => {
    fc.assert(
      fc.property(anyConfig, anyDeltas, anyOps, anyMember, (config, deltas, ops, gone) => {
        function run<S>(plugin: PeerScoringPlugin<S>): unknown {
          const start = tracking(plugin, plugin.create(config, deltas), members);
          const state = after(plugin, plugin.removeMember(start, gone), ops);
          return [plugin.allMembersWithScores(state), plugin.snapshot(state)];
        }
        expect(run(overList)).toEqual(run(peerScoring));
      }),
    );
  });

  it("works with a session that does not know its state", () => {
    const opaque: PeerScoringPlugin<unknown> = overList;
    const state = opaque.addMember(opaque.create(scoringConfig(), scoreDeltas()), first);
    expect(opaque.scoreFor(state, first)).toBe(100n);
  });
});

describe("the default storage", () => {
  it("keeps the last of several scores of one member, and returns the same table if it has nothing to remove", () => {
    const table = mapScoreStorage.set(mapScoreStorage.empty(), [
      { memberId: first, score: 1n },
      { memberId: first, score: 2n },
    ]);
    expect(mapScoreStorage.get(table, first)).toBe(2n);
    expect(mapScoreStorage.remove(table, second)).toBe(table);
  });
});
