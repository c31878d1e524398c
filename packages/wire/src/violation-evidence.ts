import { bytesValue, uint64Value } from "./decodable.js";
import { int32, uint64 } from "./encodable.js";
import type { de_mls } from "./generated/messages.js";

type ViolationEvidenceFields = de_mls.messages.v1.ViolationEvidence.$Properties;

/** The known values of {@link ViolationEvidence.violationType}, numbered as on the wire. */
export const ViolationType = {
  Unspecified: 0,
  /** The commit differs from the approved changes. */
  BrokenCommit: 1,
  /** An MLS proposal differs from the approved change. */
  BrokenMlsProposal: 2,
  /** A steward had approved changes and did not commit in time. */
  CensorshipInactivity: 3,
  /** A member's peer score has fallen to the removal threshold. */
  ScoreBelowThreshold: 4,
  /** Elections keep failing: once accepted, any member may commit. */
  Deadlock: 5,
} as const;

/** Accusation of a member: `de_mls.messages.v1.ViolationEvidence`. */
export interface ViolationEvidence {
  /** A value of {@link ViolationType}, or an unknown one; 32 bits, signed. */
  readonly violationType: number;
  /** Identity bytes of the accused. */
  readonly targetMemberId: Uint8Array;
  /** Depends on the type; for `ScoreBelowThreshold` the score as a little-endian 64-bit integer. */
  readonly evidencePayload: Uint8Array;
  /** MLS epoch of the violation. */
  readonly epoch: bigint;
  /** Identity bytes of the accuser. */
  readonly creatorMemberId: Uint8Array;
}

/** Encodes the fields for generated code. @internal */
export function evidenceToWire(evidence: ViolationEvidence): ViolationEvidenceFields {
  return {
    violationType: int32(evidence.violationType, "evidence.violationType"),
    targetMemberId: evidence.targetMemberId,
    evidencePayload: evidence.evidencePayload,
    epoch: uint64(evidence.epoch, "evidence.epoch"),
    creatorMemberId: evidence.creatorMemberId,
  };
}

/** Decodes the fields from generated code. @internal */
export function evidenceFromWire(message: ViolationEvidenceFields): ViolationEvidence {
  return {
    violationType: message.violationType ?? ViolationType.Unspecified,
    targetMemberId: bytesValue(message.targetMemberId),
    evidencePayload: bytesValue(message.evidencePayload),
    epoch: uint64Value(message.epoch),
    creatorMemberId: bytesValue(message.creatorMemberId),
  };
}
