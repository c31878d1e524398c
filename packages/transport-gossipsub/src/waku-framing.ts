import { DemlsError } from "@demls/wire/core";
import type { Framing } from "./framing.js";
import { decodeWakuMessage, encodeWakuMessage } from "./waku-message.js";
import { isContentTopicPart, packetOfWakuMessage, wakuMessageOf } from "./waku-packet.js";
import { WAKU_PUBSUB_TOPIC } from "./waku-topic.js";

/** Protocol id of Waku's relay, which is gossipsub. */
export const WAKU_RELAY_PROTOCOL = "/vac/waku/relay/2.0.0";

/**
 * Framing of Waku's relay with de-mls 3.0.0's content topics: all conversations share one topic, and every node relays
 * them all.
 */
export function createWakuFraming(): Framing {
  return {
    protocols: [WAKU_RELAY_PROTOCOL],
    topicOf: () => WAKU_PUBSUB_TOPIC,
    refusal(conversationId, subtopic = "-") {
      if (isContentTopicPart(conversationId))
        return isContentTopicPart(subtopic) ? undefined : unspeakable("subtopic");
      return unspeakable("conversationId");
    },
    relaysUnread: true,
    isStored: true,
    resends: false,
    encode: (packet, timestamp) => encodeWakuMessage(wakuMessageOf(packet, timestamp)),
    decode(data, conversationIds) {
      const message = decodeWakuMessage(data);
      if (message === undefined) return undefined;
      const packet = packetOfWakuMessage(message);
      if (packet === undefined || !conversationIds.includes(packet.conversationId)) return "other";
      return { packet, timestamp: message.timestamp };
    },
  };
}

function unspeakable(field: "conversationId" | "subtopic"): DemlsError {
  return new DemlsError(`invalid-${field === "subtopic" ? "subtopic" : "conversation-id"}`, {
    message: "A Waku content topic cannot carry an empty name or one with a slash.",
    field,
    remedy: "Choose another name, or the plain framing.",
  });
}
