/**
 * The two subtopics of a conversation: `welcome` for key packages and welcomes, `app_msg` for all other packets. Names
 * as in de-mls 3.0.0 (`src/ds/mod.rs`).
 */
export const WELCOME_SUBTOPIC = "welcome";
/** See {@link WELCOME_SUBTOPIC}. */
export const APP_MSG_SUBTOPIC = "app_msg";

/** Version of the packet format in a Waku content topic: `/{conversation}/1/{subtopic}/proto`. */
export const CONVERSATION_VERSION = "1";

/** Packet between members. */
export interface Packet {
  /** Encoded `WelcomeMessage`, MLS PrivateMessage or plaintext commit candidate, by subtopic. */
  readonly payload: Uint8Array;
  /** {@link WELCOME_SUBTOPIC}, {@link APP_MSG_SUBTOPIC}, or a registered extension's own. */
  readonly subtopic: string;
  /** The conversation's name. */
  readonly conversationId: string;
  /** Random id of the sending instance (16 bytes), by which it drops its own echo. */
  readonly appId: Uint8Array;
}
