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
import { removalTarget } from "./request.js";

/**
 * One step in the making: the value it has come to and the effects it has gathered. Nothing of it
 * is seen outside until the step has succeeded, so a step that throws leaves no trace.
 */
export interface Transaction {
  state: ConversationState;
  readonly env: Environment;
  readonly effects: Effect[];
}

/** Replaces part of the state. */
export function update(tx: Transaction, changes: Partial<ConversationState>): void {
  tx.state = { ...tx.state, ...changes };
}

export function emit(tx: Transaction, event: ConversationEvent): void {
  tx.effects.push({ kind: "event", event });
}

/** Puts a decision on record, with its reason: see `ConversationAdmin.trace$`. */
export function trace(tx: Transaction, decision: TracedDecision): void {
  tx.effects.push({ kind: "trace", decision });
}

export function policyOf(tx: Transaction): CompatibilityPolicy {
  return compatibilityPolicy(tx.state.mode);
}

/**
 * The MLS group.
 *
 * @throws DemlsError `not-joined` while the join is pending or after the end.
 */
export function requireGroup(tx: Transaction): MlsGroup {
  if (tx.state.group !== undefined) return tx.state.group;
  throw new DemlsError("not-joined", {
    message: `This member is not in the conversation ${JSON.stringify(tx.state.name)}.`,
    field: "conversation",
    remedy: "Wait for the joined event.",
  });
}

/** Moves to a phase and says so; the phase's clock starts or stops by the caller's word. */
export function enterPhase(tx: Transaction, phase: Phase, reason: PhaseReason, anchorMs?: number): void {
  const from = tx.state.phase;
  update(tx, { phase, phaseAnchorMs: anchorMs });
  if (from === phase) return;
  trace(tx, { kind: "phase", from, to: phase, reason });
  emit(tx, { kind: "phaseChanged", phase });
}

/** Who can act as a steward: members without an approved removal. */
export function eligibleStewards(tx: Transaction): (member: MemberId) => boolean {
  const members = new Set(tx.state.group?.members ?? []);
  return (member) => members.has(member) && !isPendingRemoval(tx.state, member);
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
export function enqueue(tx: Transaction, payload: Uint8Array, subtopic: string, proposalId?: number): number {
  const { name, nextSequence, outbox, quietUntilMs } = tx.state;
  const packet: Packet = { payload, subtopic, conversationId: name, appId: tx.env.appId };
  const notBeforeMs = Math.max(tx.env.nowMs, quietUntilMs);
  const entry = { sequence: nextSequence, packet, proposalId, attempts: 0, notBeforeMs };
  update(tx, { outbox: [...outbox, entry], nextSequence: nextSequence + 1 });
  return nextSequence;
}

/**
 * Seals a message for the group and puts it into the outbox.
 *
 * @throws DemlsError `packet-too-large` for what no member would read.
 */
export async function sealAndEnqueue(tx: Transaction, message: AppMessage): Promise<number> {
  const plaintext = encodeAppMessage(message);
  if (plaintext.length > SENDABLE_BYTES) throw packetTooLarge();
  const sealed = await tx.env.plugins.mls.seal(requireGroup(tx), plaintext);
  update(tx, { group: sealed.group });
  const proposalId = message.kind === "proposal" ? message.proposal.proposalId : undefined;
  return enqueue(tx, sealed.message, APP_MSG_SUBTOPIC, proposalId);
}

function packetTooLarge(): DemlsError<"packet-too-large"> {
  return new DemlsError("packet-too-large", {
    message: `The message is longer than the ${SENDABLE_BYTES} bytes that members read.`,
    remedy: "Say less in one message.",
  });
}
