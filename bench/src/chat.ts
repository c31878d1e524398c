import { encodeAppMessage } from "@demls/wire";

/** A chat message as it is sealed. */
export function chat(content: Uint8Array): Uint8Array {
  return encodeAppMessage({
    kind: "conversation_message",
    message: content,
    sender: "founder",
    conversationName: "garden",
  });
}
