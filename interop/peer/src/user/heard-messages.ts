import { bytesEqual, decodeAppMessage, type AppMessage } from "@demls/wire";
import type { MemberId } from "demls";

/** A chat message with the fields that its sender gave it. */
export type ChatMessage = Extract<AppMessage, { kind: "conversation_message" }>;

/**
 * Chat messages between their opening and their event. The event tells who sent a message, as MLS proves it;
 * the protocol shows what the message says of its sender too, which the event rightly leaves out.
 */
export interface HeardMessages {
  /** Keeps what was opened, if it is chat. */
  note(sender: MemberId, plaintext: Uint8Array): void;
  /** Takes out the message of `sender` with this content. */
  take(sender: MemberId, content: Uint8Array): ChatMessage | undefined;
}

/** One step may open as many messages as a conversation buffers; of more, the oldest is forgotten. */
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
