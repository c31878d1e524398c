import { hexToBytes, memberIdFromBytes, type MemberId } from "@demls/wire/core";
import fc from "fast-check";

import {
  createPeerScoring,
  defaultScoreDeltas,
  MAX_SCORE,
  MIN_SCORE,
  type ScoreEvent,
  type ScoreOp,
  type ScoringState,
} from "../src/index.js";

const peerScoring = createPeerScoring();

/** Decodes bytes of the vectors. */
export function recordedBytes(hex: string): Uint8Array {
  const bytes = hexToBytes(hex);
  if (bytes === undefined) throw new Error(`Not hex in the vectors: ${hex}`);
  return bytes;
}

/** Decodes an id of the vectors. */
export function recordedId(hex: string): MemberId {
  return memberIdFromBytes(recordedBytes(hex));
}

/** Maps an event's Rust name, such as `BrokenCommit`. */
export function recordedEvent(name: string): ScoreEvent {
  return name.replace(/(?<!^)[A-Z]/g, "-$&").toLowerCase() as ScoreEvent;
}

/** A crossing of the threshold in the vectors; a score beyond a double is a bigint. */
export type RecordedCrossing =
  | { readonly down: string; readonly score: number | bigint }
  | { readonly up: string; readonly score: number | bigint };

/** Crossing of the threshold between two scores; a member without a score counts as above. */
export interface Crossing {
  readonly kind: "down" | "up";
  readonly memberId: MemberId;
  readonly score: bigint;
}

export function recordedCrossing(recorded: RecordedCrossing): Crossing {
  const isDown = "down" in recorded;
  return {
    kind: isDown ? "down" : "up",
    memberId: recordedId(isDown ? recorded.down : recorded.up),
    score: BigInt(recorded.score),
  };
}

/** Crossings of these members from one state to the next, in their order, which are events in de-mls 3.0.0. */
export function crossings(before: ScoringState, after: ScoringState, ids: readonly MemberId[]): Crossing[] {
  return ids.flatMap((memberId) => {
    const score = peerScoring.scoreFor(after, memberId);
    const isAbove = score === undefined || score > peerScoring.threshold(after);
    const former = peerScoring.scoreFor(before, memberId);
    const wasAbove = former === undefined || former > peerScoring.threshold(before);
    if (score === undefined || isAbove === wasAbove) return [];
    return [{ kind: isAbove ? "up" : "down", memberId, score }];
  });
}

export const scoreEvents = Object.keys(defaultScoreDeltas) as readonly ScoreEvent[];

/** Few members, so that operations collide. */
export const members: readonly MemberId[] = ["01", "0102", "a0", "ff"].map((byte) =>
  recordedId(byte.padEnd(40, "0")),
);
export const stranger = recordedId("77".repeat(20));

export const anyMember = fc.constantFrom(...members);
export const anyOps: fc.Arbitrary<readonly ScoreOp[]> = fc.array(
  fc.record({
    memberId: fc.constantFrom(...members, stranger),
    event: fc.constantFrom(...scoreEvents),
  }),
  { maxLength: 30 },
);
/** Scores near the threshold and over the whole 64-bit range. */
export const anyScore = fc.oneof(
  fc.bigInt({ min: -120n, max: 120n }),
  fc.bigInt({ min: MIN_SCORE, max: MAX_SCORE }),
);
