import type { MlsGroup } from "@demls/mls";
import type { Packet } from "@demls/wire/core";
import type { UnplacedMessage } from "./chat-message.js";
import type { ConversationEvent } from "./event.js";
import type { InboundOutcome } from "./inbound-outcome.js";
import type { TracedDecision } from "./traced-decision.js";

/**
 * Task of a step for its driver, performed in order. Packets are no effects: the driver publishes them from the outbox
 * in the state, where they survive a crash.
 */
export type Effect =
  | { readonly kind: "event"; readonly event: ConversationEvent }
  /** Decision with its reason, for diagnosis only. */
  | { readonly kind: "trace"; readonly decision: TracedDecision }
  /** Outcome of this step's packet, or of a packet buffered earlier. */
  | { readonly kind: "inbound"; readonly packet: Packet; readonly outcome: InboundOutcome }
  /** Request to the signer. Its answer is the input `signed` or `signingFailed`. */
  | { readonly kind: "sign"; readonly requestId: number; readonly message: Uint8Array }
  /** Publish this packet once, without a retry. */
  | { readonly kind: "transmit"; readonly packet: Packet }
  /** A chat message was received, or encrypted for the first time: to be kept and shown. */
  | { readonly kind: "chat"; readonly message: UnplacedMessage }
  /** The chat message with this ticket is encrypted, and has the number `sequence` in the outbox. `id` is hex. */
  | { readonly kind: "sealed"; readonly ticket: number; readonly sequence: number; readonly id: string }
  /** The chat message with this ticket will never be encrypted, because the conversation ended. */
  | { readonly kind: "unsent"; readonly ticket: number }
  /** A packet left the outbox, because it was published or abandoned. */
  | { readonly kind: "leftOutbox"; readonly sequence: number; readonly published: boolean }
  /** A group was computed but not kept, so its secrets can be wiped. */
  | { readonly kind: "discardGroup"; readonly group: MlsGroup }
  /** A new key package is needed that replaces the leaves with these names. The answer is `announceKeyPackage`. */
  | { readonly kind: "generateKeyPackage"; readonly replaces: readonly Uint8Array[] }
  /** A welcome consumed a key package. Its private part must be deleted in the step's batch. */
  | { readonly kind: "consumeKeyPackage"; readonly reference: string };
