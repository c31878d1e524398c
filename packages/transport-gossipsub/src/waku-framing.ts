import { CONVERSATION_VERSION, DemlsError } from "@demls/wire/core";
import type { Framing } from "./framing.js";
import { decodeWakuMessage, encodeWakuMessage } from "./waku-message.js";

/** The pubsub topic of every conversation: cluster 15, shard 1, as de-mls 3.0.0 has it (`src/ds/waku`). */
export const WAKU_PUBSUB_TOPIC = "/waku/2/rs/15/1";

/** Waku's relay: gossipsub by another name. */
export const WAKU_RELAY_PROTOCOL = "/vac/waku/relay/2.0.0";

/** What de-mls 3.0.0 writes into `WakuMessage.version`. */
export const WAKU_MESSAGE_VERSION = 2;

/** Where a packet belongs, as a content topic says it. */
export interface ContentTopicParts {
  readonly conversationId: string;
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
  const [, conversationId = "", , subtopic = ""] = contentTopic.split("/");
  return conversationId === "" || subtopic === "" ? undefined : { conversationId, subtopic };
}

/** Waku's relay with de-mls 3.0.0's content topics: all conversations share one topic, and everyone relays them all. */
export function createWakuFraming(): Framing {
  return {
    name: "waku",
    protocols: [WAKU_RELAY_PROTOCOL],
    topicOf: () => WAKU_PUBSUB_TOPIC,
    refusal(conversationId, subtopic = "-") {
      if (isPart(conversationId)) return isPart(subtopic) ? undefined : unspeakable("subtopic");
      return unspeakable("conversationId");
    },
    resends: false,
    encode: ({ payload, subtopic, conversationId, appId }, timestamp) =>
      encodeWakuMessage({
        payload,
        contentTopic: contentTopicOf({ conversationId, subtopic }),
        version: WAKU_MESSAGE_VERSION,
        timestamp,
        meta: appId,
      }),
    decode(data, conversationIds) {
      const message = decodeWakuMessage(data);
      if (message === undefined) return undefined;
      const parts = parseContentTopic(message.contentTopic);
      if (parts === undefined || !conversationIds.includes(parts.conversationId)) return "other";
      const { payload, meta: appId, timestamp } = message;
      return { packet: { ...parts, payload, appId }, timestamp };
    },
  };
}

/** Whether a name stays what it is between the slashes of a content topic. */
function isPart(name: string): boolean {
  return name !== "" && !name.includes("/");
}

function unspeakable(field: "conversationId" | "subtopic"): DemlsError {
  return new DemlsError(`invalid-${field === "subtopic" ? "subtopic" : "conversation-id"}`, {
    message:
      "A Waku content topic cannot carry an empty name, or one with a slash: it would be read as another.",
    field,
    remedy: "Choose another name, or the plain framing.",
  });
}
