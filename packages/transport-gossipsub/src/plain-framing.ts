import { bytesToHex, utf8ToBytes } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Framing } from "./framing.js";
import { dataHash } from "./message-id.js";
import { decodeWakuMessage, encodeWakuMessage } from "./waku-message.js";

/** Version in these messages, the same as in de-mls's Waku messages. */
const VERSION = 2;

/**
 * Framing with one topic per conversation, so nodes relay only their own conversations. The topic is the hash of the
 * conversation's id, which hides names that cannot be guessed. The envelope is a `WakuMessage` whose content topic is
 * the bare subtopic.
 */
export function createPlainFraming(): Framing {
  return {
    topicOf: (conversationId) => `/demls/1/${bytesToHex(sha256(utf8ToBytes(conversationId)))}`,
    refusal: () => undefined,
    relaysUnread: false,
    isStored: false,
    resends: true,
    encode: ({ payload, subtopic, appId }, timestamp, round) =>
      encodeWakuMessage({ payload, contentTopic: subtopic, version: VERSION, timestamp, meta: appId, round }),
    decode(data, [conversationId]) {
      const message = decodeWakuMessage(data);
      if (message === undefined) return undefined;
      if (conversationId === undefined) return "other";
      const { contentTopic: subtopic, payload, meta: appId, timestamp, round } = message;
      const received = { packet: { conversationId, subtopic, payload, appId }, timestamp };
      return round === 0
        ? received
        : { ...received, firstId: dataHash(encodeWakuMessage({ ...message, round: 0 })) };
    },
  };
}
