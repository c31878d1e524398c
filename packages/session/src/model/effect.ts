import type { MlsGroup } from "@demls/mls";
import type { Packet } from "@demls/wire/core";
import type { ConversationEvent } from "./event.js";
import type { InboundOutcome } from "./inbound-outcome.js";
import type { TracedDecision } from "./traced-decision.js";

/**
 * What a step wants done, in order. Packets to publish are not among them: they stand in the state's
 * outbox, so that they outlive a crash, and whoever runs the steps publishes from there.
 */
export type Effect =
  | { readonly kind: "event"; readonly event: ConversationEvent }
  /** What was decided, and why: for diagnosis, nothing depends on it. */
  | { readonly kind: "trace"; readonly decision: TracedDecision }
  /** What became of a packet: of the one this step was given, or of one that had been buffered. */
  | { readonly kind: "inbound"; readonly packet: Packet; readonly outcome: InboundOutcome }
  /** Ask the signer; its answer comes back as `signed` or `signingFailed`. */
  | { readonly kind: "sign"; readonly requestId: number; readonly message: Uint8Array }
  /** The chat message with this ticket is sealed and stands in the outbox under `sequence`. */
  | { readonly kind: "sealed"; readonly ticket: number; readonly sequence: number }
  /** The chat message with this ticket will never be sealed: the conversation ended first. */
  | { readonly kind: "unsent"; readonly ticket: number }
  /** A packet left the outbox: the network has it, or it was given up. */
  | { readonly kind: "leftOutbox"; readonly sequence: number; readonly published: boolean }
  /** This group was computed and is not kept: its secrets can be wiped. */
  | { readonly kind: "discardGroup"; readonly group: MlsGroup }
  /** The welcome used this key package: its private part must be deleted with the same batch. */
  | { readonly kind: "consumeKeyPackage"; readonly reference: string };
