import { encodeAppMessage } from "@demls/wire";

/** Plaintext of a chat message. */
export function chat(content: Uint8Array): Uint8Array {
  return encodeAppMessage({
    kind: "conversation_message",
    message: content,
    sender: "founder",
    conversationName: "garden",
  });
}
