import type { MlsGroup } from "@demls/mls";
import type { Packet } from "@demls/wire/core";
import { APP_MSG_SUBTOPIC, DemlsError, type MemberId } from "@demls/wire/core";
import { DEFAULT_MAX_PACKET_BYTES, encodeAppMessage, type AppMessage } from "@demls/wire";
import { compatibilityPolicy, type CompatibilityPolicy } from "./compatibility.js";
import type { Effect } from "./effect.js";
import type { Environment } from "./environment.js";
import type { ConversationEvent } from "./event.js";
import type { ConversationState, Phase } from "./state.js";
import type { PhaseReason, TracedDecision } from "./traced-decision.js";
import { removalTarget } from "./update-request.js";

/**
 * One step in the making: the value it has come to and the effects it has gathered. Nothing of it
 * is seen outside until the step has succeeded, so a step that throws leaves no trace.
 */
export interface Turn {
  state: ConversationState;
  readonly env: Environment;
  readonly effects: Effect[];
}

/** Replaces part of the state. */
export function update(turn: Turn, changes: Partial<ConversationState>): void {
  turn.state = { ...turn.state, ...changes };
}

export function emit(turn: Turn, event: ConversationEvent): void {
  turn.effects.push({ kind: "event", event });
}

/** Puts a decision on record, with its reason: see `Conversation.trace$`. */
export function decide(turn: Turn, decision: TracedDecision): void {
  turn.effects.push({ kind: "trace", decision });
}

export function policyOf(turn: Turn): CompatibilityPolicy {
  return compatibilityPolicy(turn.state.mode);
}

/**
 * The MLS group.
 *
 * @throws DemlsError `not-joined` while the join is pending or after the end.
 */
export function requireGroup(turn: Turn): MlsGroup {
  if (turn.state.group !== undefined) return turn.state.group;
  throw new DemlsError("not-joined", {
    message: `This member is not in the conversation ${JSON.stringify(turn.state.name)}.`,
    field: "conversation",
    remedy: "Wait for the joined event.",
  });
}

/** Moves to a phase and says so; the phase's clock starts or stops by the caller's word. */
export function enterPhase(turn: Turn, phase: Phase, reason: PhaseReason, anchorMs?: number): void {
  const from = turn.state.phase;
  update(turn, { phase, phaseAnchorMs: anchorMs });
  if (from === phase) return;
  decide(turn, { kind: "phase", from, to: phase, reason });
  emit(turn, { kind: "phaseChanged", phase });
}

/** Who can act as a steward: members without an approved removal. */
export function eligibleStewards(turn: Turn): (member: MemberId) => boolean {
  const members = new Set(turn.state.group?.members ?? []);
  return (member) => members.has(member) && !isPendingRemoval(turn.state, member);
}

/** Whether a removal of `member` is approved and waits for its commit. */
export function isPendingRemoval(state: ConversationState, member: MemberId): boolean {
  return state.approved.some(({ request }) => removalTarget(request) === member);
}

/**
 * Most bytes of a payload that is sent: what every member reads, less what a welcome message or an MLS message
 * adds around it.
 */
export const SENDABLE_BYTES = DEFAULT_MAX_PACKET_BYTES - 1_024;

/** Puts a packet at the outbox's end and returns its sequence number. The step's end sees to its bound. */
export function enqueue(turn: Turn, payload: Uint8Array, subtopic: string, proposalId?: number): number {
  const { name, nextSequence, outbox, quietUntilMs } = turn.state;
  const packet: Packet = { payload, subtopic, conversationId: name, appId: turn.env.appId };
  const notBeforeMs = Math.max(turn.env.nowMs, quietUntilMs);
  const entry = { sequence: nextSequence, packet, proposalId, attempts: 0, notBeforeMs };
  update(turn, { outbox: [...outbox, entry], nextSequence: nextSequence + 1 });
  return nextSequence;
}

/**
 * Seals a message for the group and puts it into the outbox.
 *
 * @throws DemlsError `packet-too-large` for what no member would read.
 */
export async function sealAndEnqueue(turn: Turn, message: AppMessage): Promise<number> {
  const plaintext = encodeAppMessage(message);
  if (plaintext.length > SENDABLE_BYTES) throw packetTooLarge();
  const sealed = await turn.env.plugins.mls.seal(requireGroup(turn), plaintext);
  update(turn, { group: sealed.group });
  const proposalId = message.kind === "proposal" ? message.proposal.proposalId : undefined;
  return enqueue(turn, sealed.message, APP_MSG_SUBTOPIC, proposalId);
}

function packetTooLarge(): DemlsError<"packet-too-large"> {
  return new DemlsError("packet-too-large", {
    message: `The message is longer than the ${SENDABLE_BYTES} bytes that members read.`,
    remedy: "Say less in one message.",
  });
}
