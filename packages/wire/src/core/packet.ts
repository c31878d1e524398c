/**
 * Subtopic of key packages and welcomes. This name and {@link APP_MSG_SUBTOPIC} are those of de-mls 3.0.0
 * (`src/ds/mod.rs`).
 */
export const WELCOME_SUBTOPIC = "welcome";
/** Subtopic of chat, proposals, votes and commit candidates. */
export const APP_MSG_SUBTOPIC = "app_msg";
/** Subtopic of strict conversations by which members fill gaps. De-mls 3.0.0 has none. */
export const REPAIR_SUBTOPIC = "repair";
/** Subtopic of strict conversations on which joiners with an invitation ask who is there. De-mls 3.0.0 has none. */
export const JOIN_SUBTOPIC = "join";

/** Version of the packet format in a Waku content topic: `/{conversation}/1/{subtopic}/proto`. */
export const CONVERSATION_VERSION = "1";

/** Packet between members. */
export interface Packet {
  /** Encoded `WelcomeMessage`, MLS PrivateMessage, plaintext commit candidate or `RepairPacket`, probe or readiness, by subtopic. */
  readonly payload: Uint8Array;
  /** {@link WELCOME_SUBTOPIC}, {@link APP_MSG_SUBTOPIC}, {@link REPAIR_SUBTOPIC}, {@link JOIN_SUBTOPIC}, or a registered extension's own. */
  readonly subtopic: string;
  /** The conversation's name. */
  readonly conversationId: string;
  /** Random id of the sending instance (16 bytes), by which it drops its own echo. */
  readonly appId: Uint8Array;
}
