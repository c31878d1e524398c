import { describe, expect, it } from "vitest";

import { loadVectors } from "../../../vectors/load.js";
import {
  createPeerScoring,
  defaultScoreDeltas,
  emergencyScoreOps,
  scoreDeltas,
  scoringConfig,
  scoringMemberDiff,
  type ScoringState,
} from "../src/index.js";
import { decodeEvidence } from "./evidence.js";
import {
  crossings,
  recordedBytes,
  recordedCrossing,
  recordedEvent,
  recordedId,
  type RecordedCrossing,
} from "./fixtures.js";

const peerScoring = createPeerScoring();

interface RecordedDelta {
  readonly event: string;
  readonly delta: number;
}

/** A score in the vectors: a bigint if a double would round it. */
type RecordedScore = number | bigint;

const vectors = loadVectors<{
  readonly sequences: readonly {
    readonly name: string;
    readonly default: RecordedScore;
    readonly threshold: RecordedScore;
    readonly on_add: readonly RecordedCrossing[];
    readonly steps: readonly {
      readonly event: string;
      readonly score: RecordedScore;
      /** How many members are at or below the threshold. */
      readonly below: number;
      readonly emitted: readonly RecordedCrossing[];
    }[];
  }[];
  readonly emergency_score_ops: readonly {
    readonly approved: boolean;
    readonly violation_type: number;
    readonly payload: string;
    readonly ops: readonly { readonly member: string; readonly event: string }[];
  }[];
  readonly deltas: readonly RecordedDelta[];
  readonly member_diff: Readonly<Record<"scored" | "mls" | "to_add" | "to_remove", readonly string[]>>;
  readonly add_member_again_resets_to: number;
  readonly untracked: { readonly emitted: readonly []; readonly score: null };
  readonly snapshot: readonly (readonly [member: string, score: number])[];
  readonly apply_snapshot_emits: readonly RecordedCrossing[];
  readonly set_threshold: {
    readonly before: number;
    readonly after_raise_to_60: number;
    readonly emits: "nothing";
  };
  readonly source: string;
}>("07_scoring.json");

const constants = loadVectors<{
  readonly scoring: {
    readonly default_score: number;
    readonly threshold: number;
    readonly deltas: readonly RecordedDelta[];
  };
}>("00_constants.json");

const member = (byte: string) => recordedId(byte.repeat(20));
const empty = peerScoring.create(scoringConfig(), scoreDeltas());

function withMembers(...bytes: readonly string[]): ScoringState {
  return bytes.reduce((state, byte) => peerScoring.addMember(state, member(byte)), empty);
}

function byEvent(deltas: readonly RecordedDelta[]): unknown {
  return Object.fromEntries(deltas.map(({ event, delta }) => [recordedEvent(event), BigInt(delta)]));
}

describe("recorded constants", () => {
  it("are our defaults", () => {
    expect(vectors.source).toBe("de-mls 3.0.0");
    expect(vectors.deltas).toHaveLength(8);
    expect(defaultScoreDeltas).toEqual(byEvent(vectors.deltas));
    expect(defaultScoreDeltas).toEqual(byEvent(constants.scoring.deltas));
    expect(scoringConfig()).toEqual({
      defaultScore: BigInt(constants.scoring.default_score),
      threshold: BigInt(constants.scoring.threshold),
    });
  });
});

describe("recorded score sequences", () => {
  it("are 6, of 24 steps", () => {
    expect(vectors.sequences).toHaveLength(6);
    expect(vectors.sequences.flatMap(({ steps }) => steps)).toHaveLength(24);
  });

  it.each(vectors.sequences)("lead to the recorded scores: $name", (sequence) => {
    const memberId = member("01");
    const defaultScore = BigInt(sequence.default);
    const config = scoringConfig({ defaultScore, threshold: BigInt(sequence.threshold) });
    const start = peerScoring.create(config, scoreDeltas());
    let state = peerScoring.addMember(start, memberId);
    expect(crossings(start, state, [memberId])).toEqual(sequence.on_add.map(recordedCrossing));

    for (const step of sequence.steps) {
      const before = state;
      state = peerScoring.applyOp(state, { memberId, event: recordedEvent(step.event) });
      expect(peerScoring.scoreFor(state, memberId)).toBe(BigInt(step.score));
      expect(peerScoring.membersBelowThreshold(state)).toHaveLength(step.below);
      expect(crossings(before, state, [memberId])).toEqual(step.emitted.map(recordedCrossing));
    }
  });
});

describe("recorded emergencies", () => {
  it("are 12", () => expect(vectors.emergency_score_ops).toHaveLength(12));

  it.each(vectors.emergency_score_ops)(
    "score as recorded: violation $violation_type, approved $approved",
    ({ payload, violation_type, approved, ops }) => {
      const evidence = decodeEvidence(recordedBytes(payload));
      expect(evidence.violationType).toBe(violation_type);
      expect(emergencyScoreOps(evidence, approved)).toEqual(
        ops.map(({ member: id, event }) => ({ memberId: recordedId(id), event: recordedEvent(event) })),
      );
    },
  );
});

describe("recorded membership", () => {
  it("differs from the scored as recorded", () => {
    const { scored, mls, to_add, to_remove } = vectors.member_diff;
    expect(scoringMemberDiff(scored.map(recordedId), mls.map(recordedId))).toEqual({
      toAdd: to_add.map(recordedId),
      toRemove: to_remove.map(recordedId),
    });
  });

  it("starts a member over when it is added again", () => {
    const lowered = peerScoring.applyOp(withMembers("01"), {
      memberId: member("01"),
      event: "broken-commit",
    });
    const again = peerScoring.addMember(lowered, member("01"));
    expect(peerScoring.scoreFor(again, member("01"))).toBe(BigInt(vectors.add_member_again_resets_to));
  });

  it("gives a stranger no score", () => {
    const stranger = member("09");
    const state = peerScoring.applyOp(empty, { memberId: stranger, event: "broken-commit" });
    expect({
      emitted: crossings(empty, state, [stranger]),
      score: peerScoring.scoreFor(state, stranger) ?? null,
    }).toEqual(vectors.untracked);
  });
});

describe("recorded snapshots", () => {
  // The vectors hold only results; these steps lead to them.
  const lowered = peerScoring.applyOp(withMembers("01", "02"), {
    memberId: member("01"),
    event: "broken-commit",
  });
  const diverged = [
    { memberId: member("01"), score: 50n },
    { memberId: member("02"), score: -5n },
    { memberId: member("03"), score: 0n },
    { memberId: member("04"), score: 60n },
  ];
  const absolute = peerScoring.applySnapshot(lowered, { diverged });

  it("hold the scores that differ from the default", () => {
    expect(peerScoring.snapshot(lowered)).toEqual({
      diverged: vectors.snapshot.map(([id, score]) => ({ memberId: recordedId(id), score: BigInt(score) })),
    });
  });

  it("track unknown members", () => {
    const ids = diverged.map(({ memberId }) => memberId);
    expect(crossings(lowered, absolute, ids)).toEqual(vectors.apply_snapshot_emits.map(recordedCrossing));
  });

  it("are recomputed under another threshold", () => {
    const raised = peerScoring.withThreshold(absolute, 60n);
    expect(vectors.set_threshold).toEqual({
      before: peerScoring.membersBelowThreshold(absolute).length,
      after_raise_to_60: peerScoring.membersBelowThreshold(raised).length,
      emits: "nothing",
    });
  });
});
