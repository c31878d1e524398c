import { bytesToHex, decodeAppMessage, decodeWelcomeMessage } from "@demls/wire";
import { WELCOME_SUBTOPIC } from "@demls/wire/core";
import type { Packet, Transport } from "demls";
import { toBase64 } from "../protocol/fields.js";
import type { Emit } from "../protocol/protocol-line.js";
import { appMessageView, welcomeMessageView, type View } from "../protocol/views.js";

/** A transport whose network is the driver of the peer. */
export interface DrivenTransport extends Transport {
  /** Delivers a packet to the user, if it subscribes to the conversation. */
  deliver(packet: Packet): void;
}

/** Options of a user's transport. */
export interface DrivenTransportOptions {
  readonly user: string;
  readonly emit: Emit;
  /** The plaintext of a payload that this user sealed. */
  readonly plaintextOf: (payload: Uint8Array) => Uint8Array | undefined;
  /** Whether a payload is returned in another way, and not published. */
  readonly isWithheld: (payload: Uint8Array) => boolean;
}

/** A transport that writes `packet` and `subscribe` lines. */
export function createDrivenTransport(options: DrivenTransportOptions): DrivenTransport {
  const { user, emit, plaintextOf, isWithheld } = options;
  const listeners = new Map<string, (packet: Packet) => void>();
  let sequence = 0;
  return {
    async publish(packet) {
      if (isWithheld(packet.payload)) return;
      sequence += 1;
      emit({
        type: "packet",
        user,
        seq: sequence,
        conversation_id: packet.conversationId,
        subtopic: packet.subtopic,
        app_id: bytesToHex(packet.appId),
        payload_b64: toBase64(packet.payload),
        meaning: meaningOf(packet, plaintextOf(packet.payload)),
      });
    },
    async subscribe(conversationId, listener) {
      listeners.set(conversationId, listener);
      emit({ type: "subscribe", user, address: conversationId });
      return () => {
        if (listeners.get(conversationId) === listener) listeners.delete(conversationId);
      };
    },
    deliver(packet) {
      listeners.get(packet.conversationId)?.(packet);
    },
  };
}

/** The decoded view of a packet; null if it cannot be decoded. */
function meaningOf({ subtopic, payload }: Packet, plaintext: Uint8Array | undefined): View | null {
  if (subtopic === WELCOME_SUBTOPIC) {
    const welcome = decodeWelcomeMessage(payload);
    return welcome.ok ? welcomeMessageView(welcome.value) : null;
  }
  // Only commit candidates are not encrypted.
  const message = decodeAppMessage(plaintext ?? payload);
  return message.ok ? appMessageView(message.value) : null;
}
