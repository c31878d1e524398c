import { bytesEqual, decodeAppMessage, type AppMessage } from "@demls/wire";
import type { MemberId } from "demls";

/** A chat message with the fields that its sender gave it. */
export type ChatMessage = Extract<AppMessage, { kind: "conversation_message" }>;

/**
 * Buffer of chat messages between their decryption and their event. The event has the sender that MLS authenticates.
 * The protocol also shows the sender's name in the message, which the event omits.
 */
export interface HeardMessages {
  /** Buffers a decrypted chat message. */
  note(sender: MemberId, plaintext: Uint8Array): void;
  /** Removes and returns the message of `sender` with this content. */
  take(sender: MemberId, content: Uint8Array): ChatMessage | undefined;
}

/** Capacity: the messages that one step may decrypt. The oldest is evicted. */
const MAX_HEARD = 512;

export function createHeardMessages(): HeardMessages {
  const heard: { readonly sender: MemberId; readonly message: ChatMessage }[] = [];
  return {
    note(sender, plaintext) {
      const decoded = decodeAppMessage(plaintext);
      if (!decoded.ok || decoded.value.kind !== "conversation_message") return;
      heard.push({ sender, message: decoded.value });
      if (heard.length > MAX_HEARD) heard.shift();
    },
    take(sender, content) {
      const index = heard.findIndex(
        (entry) => entry.sender === sender && bytesEqual(entry.message.message, content),
      );
      return index < 0 ? undefined : heard.splice(index, 1)[0]?.message;
    },
  };
}
