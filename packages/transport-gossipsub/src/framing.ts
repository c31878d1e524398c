import type { DemlsError, Packet } from "@demls/wire/core";

/** How packets travel over gossipsub: as Waku's relay has them, or on a topic for each conversation. */
export type FramingName = "waku" | "plain";

/** A packet that was received. */
export interface ReceivedPacket {
  /** With bytes of its own. */
  readonly packet: Packet;
  /** Its message's: nanoseconds since the Unix epoch by the sender's clock. */
  readonly timestamp: bigint;
  /** The id of the message that brought it the first time, where this one brings it again. */
  readonly firstId?: string;
}

/** A packet's way into a gossipsub message and back. */
export interface Framing {
  /** The protocol ids of the gossipsub streams, the preferred first; absent where they are gossipsub's own. */
  readonly protocols?: readonly string[];
  /** The gossipsub topic that carries a conversation. */
  topicOf(conversationId: string): string;
  /** Why the framing cannot carry a conversation of that id or a packet on that subtopic, if it cannot. */
  refusal(conversationId: string, subtopic?: string): DemlsError | undefined;
  /** Whether honest nodes pass on packets of conversations that they are not in, and so cannot judge. */
  readonly relaysUnread: boolean;
  /** Whether a packet may be sent again: members of de-mls 3.0.0 lose more by a key package come twice than they gain. */
  readonly resends: boolean;
  /**
   * @param timestamp - nanoseconds since the Unix epoch, another for each packet
   * @param round - which time it is sent again; 0 for the first
   */
  encode(packet: Packet, timestamp: bigint, round: number): Uint8Array;
  /**
   * @param conversationIds - those of the topic that are listened to
   * @returns the packet; `other` for one of another conversation; `undefined` where it is none.
   */
  decode(data: Uint8Array, conversationIds: readonly string[]): ReceivedPacket | "other" | undefined;
}
