import { bytesEqual, decodeAppMessage, type AppMessage } from "@demls/wire";
import { DemlsError, type Conversation, type RandomSource } from "demls";

/** Bytes that no chat message has by chance. */
const TOKEN_BYTES = 32;

/**
 * Seals app messages that a session would never send, for tests of how others take them.
 *
 * Sealing beside the session would spend a generation that the session then spends again. So the session is
 * made to seal a message of its own, and the bytes wanted are put in its place on the way to MLS.
 */
export interface RawSealing {
  /** What to seal in place of `plaintext`. */
  sealing(conversationId: string, plaintext: Uint8Array): Uint8Array;
  /** Remembers what is in a payload, for as long as the payload exists. */
  sealed(payload: Uint8Array, plaintext: Uint8Array): void;
  /** The plaintext of a payload that was sealed here. */
  plaintextOf(payload: Uint8Array): Uint8Array | undefined;
  /** Whether a payload was sealed by {@link RawSealing.encrypt}, and must not be published as well. */
  isWithheld(payload: Uint8Array): boolean;
  /**
   * Seals `appMessage` as this member and returns the payload.
   *
   * @throws DemlsError `nothing-sealed` where the conversation cannot seal anything now; and what
   *   {@link Conversation.send} throws.
   */
  encrypt(conversation: Conversation, appMessage: Uint8Array): Promise<Uint8Array>;
}

interface Substitution {
  readonly conversationId: string;
  /** Recognises the message of the session's own. */
  readonly isCarrier: (message: AppMessage) => boolean;
  readonly appMessage: Uint8Array;
  payload: Uint8Array | undefined;
}

export function createRawSealing(random: RandomSource): RawSealing {
  const plaintexts = new WeakMap<Uint8Array, Uint8Array>();
  const withheld = new WeakSet<Uint8Array>();
  let substitution: Substitution | undefined;

  return {
    sealing(conversationId, plaintext) {
      if (substitution?.conversationId !== conversationId) return plaintext;
      const message = decodeAppMessage(plaintext);
      return message.ok && substitution.isCarrier(message.value) ? substitution.appMessage : plaintext;
    },
    sealed(payload, plaintext) {
      plaintexts.set(payload, plaintext);
      if (plaintext !== substitution?.appMessage) return;
      withheld.add(payload);
      substitution.payload = payload;
    },
    plaintextOf: (payload) => plaintexts.get(payload),
    isWithheld: (payload) => withheld.has(payload),

    async encrypt(conversation, appMessage) {
      const token = random.bytes(TOKEN_BYTES);
      // During a freeze chat is held back, but a ConversationSync is not.
      const asSync = conversation.state.phase === "freezing";
      const current: Substitution = {
        conversationId: conversation.name,
        isCarrier: (message) =>
          asSync
            ? message.kind === "conversation_sync"
            : message.kind === "conversation_message" && bytesEqual(message.message, token),
        appMessage,
        payload: undefined,
      };
      substitution = current;
      try {
        await (asSync ? conversation.admin.sendSync() : conversation.send(token));
      } finally {
        substitution = undefined;
      }
      if (current.payload === undefined) throw nothingSealed();
      return current.payload;
    },
  };
}

function nothingSealed(): DemlsError<"nothing-sealed"> {
  return new DemlsError("nothing-sealed", {
    message: "The conversation has nothing that it could seal now.",
    remedy: "Try again when it is working.",
  });
}
