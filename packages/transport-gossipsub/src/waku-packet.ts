import { CONVERSATION_VERSION, type Packet } from "@demls/wire/core";
import type { WakuMessage } from "./waku-message.js";

/** What de-mls 3.0.0 writes into `WakuMessage.version`. */
const WAKU_MESSAGE_VERSION = 2;

/** Where a packet belongs, as a content topic says it. */
export interface ContentTopicParts {
  /** The conversation's name. */
  readonly conversationId: string;
  /** What of it the packet belongs to, such as `app_msg`. */
  readonly subtopic: string;
}

/** The content topic of a packet: `/{conversation}/1/{subtopic}/proto`. */
export function contentTopicOf({ conversationId, subtopic }: ContentTopicParts): string {
  return `/${conversationId}/${CONVERSATION_VERSION}/${subtopic}/proto`;
}

/**
 * What a content topic says, read as de-mls 3.0.0 reads it: the parts behind the first slash and the third, whatever
 * stands for the version and the encoding, and before the first slash.
 *
 * @returns `undefined` where either is missing or empty.
 */
export function parseContentTopic(contentTopic: string): ContentTopicParts | undefined {
  const [, conversationId = "", , subtopic = ""] = contentTopic.split("/", 4);
  return conversationId === "" || subtopic === "" ? undefined : { conversationId, subtopic };
}

/** Whether a name stays what it is between the slashes of a content topic. */
export function isContentTopicPart(name: string): boolean {
  return name !== "" && !name.includes("/");
}

/**
 * A packet as a Waku message. The names in it may not be empty or have a slash: they would be read as others.
 *
 * @param timestamp - nanoseconds since the Unix epoch
 */
export function wakuMessageOf(packet: Packet, timestamp: bigint): WakuMessage {
  const { payload, appId } = packet;
  return {
    payload,
    contentTopic: contentTopicOf(packet),
    version: WAKU_MESSAGE_VERSION,
    timestamp,
    meta: appId,
  };
}

/**
 * The packet in a Waku message, with the message's own bytes.
 *
 * @returns `undefined` where the content topic names no conversation and subtopic.
 */
export function packetOfWakuMessage({ contentTopic, payload, meta }: WakuMessage): Packet | undefined {
  const parts = parseContentTopic(contentTopic);
  return parts && { ...parts, payload, appId: meta };
}
