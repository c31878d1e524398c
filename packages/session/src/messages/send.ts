import { MAX_PACKET_BYTES, encodeAppMessage, type AppMessage } from "@demls/wire";
import { APP_MSG_SUBTOPIC, DemlsError, type Packet } from "@demls/wire/core";
import type { OutboxEntry } from "../model/messages.js";
import {
  note,
  update,
  updateActive,
  type ActiveTransaction,
  type LiveTransaction,
} from "../model/transaction.js";
import { passUnconfirmed } from "../standing/index.js";

/**
 * Maximum bytes of a payload to send: the packet size that every member accepts, less the frame of a welcome or MLS
 * message.
 */
export const SENDABLE_BYTES = MAX_PACKET_BYTES - 1_024;

/** Appends a packet to the outbox and returns its sequence number. The outbox is bounded at the end of the step. */
export function enqueue(
  tx: LiveTransaction,
  payload: Uint8Array,
  subtopic: string,
  details: Partial<Pick<OutboxEntry, "proposalId" | "sealed">> = {},
): number {
  const { env, state } = tx;
  const { entries, nextSequence, quietUntilMs } = state.outbox;
  const packet: Packet = { payload, subtopic, conversationId: state.name, appId: env.appId };
  const notBeforeMs = Math.max(env.nowMs, quietUntilMs);
  const { proposalId, sealed } = details;
  const entry = { sequence: nextSequence, packet, proposalId, sealed, attempts: 0, notBeforeMs };
  update(tx, "outbox", {
    entries: [...entries, entry],
    nextSequence: nextSequence + 1,
  });
  return nextSequence;
}

/** Place of an encrypted message in the outbox, and its generation. */
export interface Sealed {
  readonly sequence: number;
  readonly generation: number;
}

/**
 * Encrypts a message for the group and appends it to the outbox.
 *
 * @throws DemlsError `packet-too-large` if members would reject the packet.
 */
export async function sealAndEnqueue(tx: ActiveTransaction, message: AppMessage): Promise<Sealed> {
  const plaintext = encodeAppMessage(message);
  if (plaintext.length > SENDABLE_BYTES) throw packetTooLarge();
  await passUnconfirmed(tx, "application");
  const sealed = await tx.env.plugins.mls.seal(tx.state.group, plaintext);
  updateActive(tx, { group: sealed.group });
  const proposalId = message.kind === "proposal" ? message.proposal.proposalId : undefined;
  const { epoch, leafIndex, roster } = tx.state.group;
  const position = roster.findIndex((entry) => entry.leafIndex === leafIndex);
  const slot = { kind: "message", position, generation: sealed.generation } as const;
  // Votes and proposals make reports frequent, so that a lost one is found soon; chat does not.
  if (message.kind !== "conversation_message") note(tx, { kind: "packetSealed" });
  const sequence = enqueue(tx, sealed.message, APP_MSG_SUBTOPIC, { proposalId, sealed: { epoch, slot } });
  return { sequence, generation: sealed.generation };
}

function packetTooLarge(): DemlsError<"packet-too-large"> {
  return new DemlsError("packet-too-large", {
    message: `The message exceeds the maximum of ${SENDABLE_BYTES} bytes.`,
    remedy: "Split it into several messages.",
  });
}
