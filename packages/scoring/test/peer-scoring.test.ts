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

/** A second storage, unlike the default: a sorted list of pairs. */
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
  return ids.reduce((tracked, id) => plugin.addMember(tracked, id).state, state);
}

const anyConfig = fc.record({ defaultScore: anyScore, threshold: anyScore }).map(scoringConfig);
const anyDeltas = fc
  .record(Object.fromEntries(scoreEvents.map((event) => [event, anyScore])))
  .map(scoreDeltas);
const anyState: fc.Arbitrary<ScoringState> = fc
  .tuple(anyConfig, anyDeltas)
  .map(([config, deltas]) => tracking(peerScoring, peerScoring.create(config, deltas), members));

const standard = tracking(peerScoring, peerScoring.create(scoringConfig(), scoreDeltas()), members);
const accused = (memberId: MemberId): ScoreOp => ({ memberId, event: "broken-commit" });

describe("scores", () => {
  it("stay within 64 bits, whatever happens", () => {
    fc.assert(
      fc.property(anyState, anyOps, (state, ops) => {
        for (const { score } of peerScoring.allMembersWithScores(peerScoring.applyOps(state, ops).state)) {
          expect(score >= MIN_SCORE && score <= MAX_SCORE).toBe(true);
        }
      }),
    );
  });

  it("from a snapshot or a setting beyond 64 bits are held to the bounds", () => {
    const { state } = peerScoring.applySnapshot(standard, {
      diverged: [
        { memberId: first, score: MAX_SCORE + 1n },
        { memberId: second, score: MIN_SCORE - 1n },
      ],
    });
    expect(peerScoring.scoreFor(state, first)).toBe(MAX_SCORE);
    expect(peerScoring.scoreFor(state, second)).toBe(MIN_SCORE);
    expect(peerScoring.threshold(peerScoring.withThreshold(state, 2n ** 70n))).toBe(MAX_SCORE);
    expect(peerScoring.defaultScore(peerScoring.withDefaultScore(state, -(2n ** 70n)))).toBe(MIN_SCORE);
  });

  it("are the same in one batch as one by one, and so are the events", () => {
    fc.assert(
      fc.property(anyState, anyOps, (start, ops) => {
        let state = start;
        const events = ops.flatMap((op) => {
          const update = peerScoring.applyOp(state, op);
          state = update.state;
          return update.events;
        });
        expect(peerScoring.applyOps(start, ops)).toEqual({ state, events });
      }),
    );
  });

  it("of a former state stay what they were", () => {
    const before = peerScoring.allMembersWithScores(standard);
    peerScoring.applyOps(standard, [accused(first), accused(second)]);
    peerScoring.removeMember(standard, first);
    peerScoring.addMember(standard, stranger);
    expect(peerScoring.allMembersWithScores(standard)).toEqual(before);
  });

  it("change nothing where only strangers are concerned", () => {
    expect(peerScoring.applyOps(standard, [accused(stranger)]).state).toBe(standard);
  });
});

describe("crossings", () => {
  it("alternate for each member and end on the side where it is", () => {
    fc.assert(
      fc.property(anyState, anyOps, (start, ops) => {
        const { state, events } = peerScoring.applyOps(start, ops);
        for (const memberId of members) {
          const own = events.filter((event) => event.memberId === memberId);
          const startsBelow = peerScoring.membersBelowThreshold(start).includes(memberId);
          const endsBelow = peerScoring.membersBelowThreshold(state).includes(memberId);
          const expected = own.map((_, i) => ((i % 2 === 0) === startsBelow ? "crossed-up" : "crossed-down"));
          expect(own.map(({ kind }) => kind)).toEqual(expected);
          expect(own.length % 2 === 1).toBe(startsBelow !== endsBelow);
        }
      }),
    );
  });

  it("are reported twice for a member that falls and rises in one batch", () => {
    const ops: readonly ScoreOp[] = [
      accused(first),
      accused(first),
      { memberId: first, event: "emergency-yes-creator" },
    ];
    expect(peerScoring.applyOps(standard, ops).events).toEqual([
      { kind: "crossed-down", memberId: first, score: 0n },
      { kind: "crossed-up", memberId: first, score: 20n },
    ]);
  });

  it("are reported for a new member whose default is too low, and again when it is added again", () => {
    const low = peerScoring.create(scoringConfig({ defaultScore: -1n }), scoreDeltas());
    const added = peerScoring.addMember(low, first);
    const down = [{ kind: "crossed-down", memberId: first, score: -1n }];
    expect(added.events).toEqual(down);
    expect(peerScoring.addMember(added.state, first).events).toEqual(down);
  });

  it("are not reported for the same snapshot again, nor for a new threshold", () => {
    const snapshot = { diverged: [{ memberId: stranger, score: -10n }] };
    const once = peerScoring.applySnapshot(standard, snapshot);
    expect(once.events).toEqual([{ kind: "crossed-down", memberId: stranger, score: -10n }]);
    expect(peerScoring.applySnapshot(once.state, snapshot).events).toEqual([]);
    const lowered = peerScoring.withThreshold(once.state, -50n);
    expect(peerScoring.membersBelowThreshold(lowered)).toEqual([]);
    expect(peerScoring.applySnapshot(lowered, snapshot).events).toEqual([]);
  });

  it("count within a snapshot that names a member twice", () => {
    const diverged = [-1n, 1n].map((score) => ({ memberId: first, score }));
    expect(peerScoring.applySnapshot(standard, { diverged }).events.map(({ kind }) => kind)).toEqual([
      "crossed-down",
      "crossed-up",
    ]);
  });
});

describe("snapshots", () => {
  it("bring a joiner with the same members to the same scores", () => {
    fc.assert(
      fc.property(anyState, anyOps, (start, ops) => {
        const { state } = peerScoring.applyOps(start, ops);
        const joined = peerScoring.applySnapshot(start, peerScoring.snapshot(state)).state;
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
  it("go by member id, in whatever order the members came", () => {
    const arrivals = fc.shuffledSubarray([...members], { minLength: members.length });
    const empty = peerScoring.create(scoringConfig(), scoreDeltas());
    fc.assert(
      fc.property(arrivals, anyOps, (ids, ops) => {
        const { state } = peerScoring.applyOps(tracking(peerScoring, empty, ids), ops);
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

  it("to come start at a new default; those there keep their score", () => {
    const changed = peerScoring.withDefaultScore(standard, 7n);
    const { state } = peerScoring.addMember(changed, stranger);
    expect(peerScoring.scoreFor(state, stranger)).toBe(7n);
    expect(peerScoring.scoreFor(state, first)).toBe(100n);
  });
});

describe("another storage", () => {
  const overList = createPeerScoring({ storage: listStorage });

  it("leads to the same scores, events and snapshots", () => {
    fc.assert(
      fc.property(anyConfig, anyDeltas, anyOps, anyMember, (config, deltas, ops, gone) => {
        function run<S>(plugin: PeerScoringPlugin<S>): unknown {
          const start = tracking(plugin, plugin.create(config, deltas), members);
          const { state, events } = plugin.applyOps(plugin.removeMember(start, gone), ops);
          return [events, plugin.allMembersWithScores(state), plugin.snapshot(state)];
        }
        expect(run(overList)).toEqual(run(peerScoring));
      }),
    );
  });

  it("can be held by a session that does not know its state", () => {
    const opaque: PeerScoringPlugin<unknown> = overList;
    const state = opaque.addMember(opaque.create(scoringConfig(), scoreDeltas()), first).state;
    expect(opaque.scoreFor(state, first)).toBe(100n);
  });
});

describe("the default storage", () => {
  it("keeps the last of several scores of one member, and its table where there is nothing to remove", () => {
    const table = mapScoreStorage.set(mapScoreStorage.empty(), [
      { memberId: first, score: 1n },
      { memberId: first, score: 2n },
    ]);
    expect(mapScoreStorage.get(table, first)).toBe(2n);
    expect(mapScoreStorage.remove(table, second)).toBe(table);
  });
});
