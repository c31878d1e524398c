import type { DemlsError, Packet } from "@demls/wire/core";

/** Encoding of packets for gossipsub: as Waku's relay does, or on one topic per conversation. */
export type FramingName = "waku" | "plain";

/** A received packet. */
export interface ReceivedPacket {
  /** The packet, with its own bytes. */
  readonly packet: Packet;
  /** The message's timestamp: nanoseconds since the Unix epoch by the sender's clock. */
  readonly timestamp: bigint;
  /** Id of the original message, if this one is a resent copy. */
  readonly firstId?: string;
}

/** Conversion between packets and gossipsub messages. */
export interface Framing {
  /** Protocol ids of the gossipsub streams, the preferred first; absent for gossipsub's own. */
  readonly protocols?: readonly string[];
  /** The gossipsub topic of a conversation. */
  topicOf(conversationId: string): string;
  /** Returns the name that this framing cannot encode, if any. */
  refusal(conversationId: string, subtopic?: string): DemlsError | undefined;
  /** Whether honest nodes forward packets of foreign conversations, which they cannot verify. */
  readonly relaysUnread: boolean;
  /** Whether Waku's stores keep the messages. */
  readonly isStored: boolean;
  /**
   * Whether packets may be resent. False if members may run de-mls 3.0.0: repeated key packages harm them more than
   * resending helps.
   */
  readonly resends: boolean;
  /**
   * @param timestamp - nanoseconds since the Unix epoch, unique per packet
   * @param round - number of the resending round; 0 for the original
   */
  encode(packet: Packet, timestamp: bigint, round: number): Uint8Array;
  /**
   * @param conversationIds - subscribed conversations of the topic
   * @returns the packet; `other` for another conversation's packet; `undefined` for invalid data
   */
  decode(data: Uint8Array, conversationIds: readonly string[]): ReceivedPacket | "other" | undefined;
}
