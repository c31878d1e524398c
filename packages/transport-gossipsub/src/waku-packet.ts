import { CONVERSATION_VERSION, type Packet } from "@demls/wire/core";
import type { WakuMessage } from "./waku-message.js";

/** Value of `WakuMessage.version` in de-mls 3.0.0. */
const WAKU_MESSAGE_VERSION = 2;

/** Parts of a content topic. */
export interface ContentTopicParts {
  /** The conversation's name. */
  readonly conversationId: string;
  /** The packet's subtopic, such as `app_msg`. */
  readonly subtopic: string;
}

/** The content topic of a packet: `/{conversation}/1/{subtopic}/proto`. */
export function contentTopicOf({ conversationId, subtopic }: ContentTopicParts): string {
  return `/${conversationId}/${CONVERSATION_VERSION}/${subtopic}/proto`;
}

/**
 * Parses a content topic as de-mls 3.0.0 does: the parts behind the first and the third slash, ignoring version,
 * encoding and any prefix.
 *
 * @returns `undefined` if either is missing or empty
 */
export function parseContentTopic(contentTopic: string): ContentTopicParts | undefined {
  const [, conversationId = "", , subtopic = ""] = contentTopic.split("/", 4);
  return conversationId === "" || subtopic === "" ? undefined : { conversationId, subtopic };
}

/** Whether a name can be a part of a content topic, between slashes. */
export function isContentTopicPart(name: string): boolean {
  return name !== "" && !name.includes("/");
}

/**
 * Converts a packet to a Waku message. Names must not be empty or have a slash.
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
 * Converts a Waku message to a packet that shares its bytes.
 *
 * @returns `undefined` if the content topic has no conversation and subtopic
 */
export function packetOfWakuMessage({ contentTopic, payload, meta }: WakuMessage): Packet | undefined {
  const parts = parseContentTopic(contentTopic);
  return parts && { ...parts, payload, appId: meta };
}
