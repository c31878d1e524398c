/**
 * Diagnostics of a conversation: trace records, their JSON encoding and replay, packet outcomes, and state inspection.
 *
 * @packageDocumentation
 */
export type {
  IgnoredReason,
  InboundOutcome,
  InboundReport,
  RejectedReason,
} from "../model/inbound-outcome.js";
export type {
  AbandonReason,
  AutomaticOperation,
  CandidateChoiceReason,
  CandidateDropReason,
  DefaultVoteReason,
  HeldBackReason,
  Obstacle,
  PhaseReason,
  StewardsCause,
  TracedDecision,
} from "../model/traced-decision.js";
export type { TimerKind } from "../step/timer-kinds.js";
export type {
  ConversationInspection,
  InspectedBuffer,
  InspectedFork,
  InspectedCandidate,
  InspectedDeadline,
  InspectedRequest,
  InspectedVote,
} from "../view/inspection.js";
export { decodeTraceRecord, encodeTraceRecord, type DecodedTraceRecord } from "./codec.js";
export type { TracedCommand, TracedInput, TraceRecord } from "./record.js";
export { replayTrace, type Replay, type ReplayDifference } from "./replay.js";
