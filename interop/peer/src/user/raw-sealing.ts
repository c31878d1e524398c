import { bytesEqual, decodeAppMessage, type AppMessage } from "@demls/wire";
import { DemlsError, type Conversation, type RandomSource } from "demls";

/** Marker that no chat message contains by chance. */
const TOKEN_BYTES = 32;

/**
 * Encrypts app messages that a session would never send, for tests of the receivers.
 *
 * Encrypting outside the session would use a generation that the session uses again. So the session encrypts a message
 * of its own, whose plaintext is replaced on the way to MLS.
 */
export interface RawSealing {
  /** The plaintext to encrypt instead of `plaintext`. */
  sealing(conversationId: string, plaintext: Uint8Array): Uint8Array;
  /** Remembers the plaintext of a payload while the payload object exists. */
  sealed(payload: Uint8Array, plaintext: Uint8Array): void;
  /** The plaintext of a payload that was encrypted here. */
  plaintextOf(payload: Uint8Array): Uint8Array | undefined;
  /** Whether a payload comes from {@link RawSealing.encrypt}, and must not be published. */
  isWithheld(payload: Uint8Array): boolean;
  /**
   * Encrypts `appMessage` as this member and returns the payload.
   *
   * @throws DemlsError `nothing-sealed` if the conversation cannot encrypt now; the errors of
   *   {@link Conversation.send}.
   */
  encrypt(conversation: Conversation, appMessage: Uint8Array): Promise<Uint8Array>;
}

interface Substitution {
  readonly conversationId: string;
  /** Recognises the session's own message. */
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
      // A freeze delays chat messages, but not a ConversationSync.
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
    message: "The conversation cannot encrypt a message now.",
    remedy: "Try again in the phase working.",
  });
}
