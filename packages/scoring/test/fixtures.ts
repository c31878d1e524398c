import { hexToBytes, memberIdFromBytes, type MemberId } from "@demls/wire/core";
import fc from "fast-check";

import {
  defaultScoreDeltas,
  MAX_SCORE,
  MIN_SCORE,
  type PeerScoringEvent,
  type ScoreEvent,
  type ScoreOp,
} from "../src/index.js";

/** Bytes as the vectors spell them. */
export function recordedBytes(hex: string): Uint8Array {
  const bytes = hexToBytes(hex);
  if (bytes === undefined) throw new Error(`The vectors hold no hex: ${hex}`);
  return bytes;
}

/** An id as the vectors spell it. */
export function recordedId(hex: string): MemberId {
  return memberIdFromBytes(recordedBytes(hex));
}

/** The event that the vectors call by its name in Rust, such as `BrokenCommit`. */
export function recordedEvent(name: string): ScoreEvent {
  return name.replace(/(?<!^)[A-Z]/g, "-$&").toLowerCase() as ScoreEvent;
}

/** A crossing as the vectors spell it; a score may be beyond a double, and is a bigint then. */
export type RecordedCrossing =
  | { readonly down: string; readonly score: number | bigint }
  | { readonly up: string; readonly score: number | bigint };

export function recordedCrossing(recorded: RecordedCrossing): PeerScoringEvent {
  const down = "down" in recorded;
  return {
    kind: down ? "crossed-down" : "crossed-up",
    memberId: recordedId(down ? recorded.down : recorded.up),
    score: BigInt(recorded.score),
  };
}

export const scoreEvents = Object.keys(defaultScoreDeltas) as readonly ScoreEvent[];

/** Few members, so that operations meet. */
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
/** Scores near the threshold, and all over 64 bits. */
export const anyScore = fc.oneof(
  fc.bigInt({ min: -120n, max: 120n }),
  fc.bigInt({ min: MIN_SCORE, max: MAX_SCORE }),
);
