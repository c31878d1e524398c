import type { Packet } from "@demls/wire/core";
import { decodeStoreAnswer, type StoreQuery, type StoredMessage } from "./store-query.js";
import { packetOfWakuMessage } from "./waku-packet.js";
import { WAKU_PUBSUB_TOPIC } from "./waku-topic.js";

/** Packets that a store serves for a question. */
export interface StorePage {
  readonly kind: "page";
  /** The packets, each with its own bytes. */
  readonly packets: readonly Packet[];
  /** Cursor for the next page; absent after the last one. */
  readonly cursor?: Uint8Array;
}

/** Failure of a store. */
export interface StoreFailure {
  readonly kind: "failure";
  /** Clause that follows "the last one". It has no text of the store. */
  readonly reason: string;
  /** The underlying error, if any. */
  readonly cause?: unknown;
}

/** Creates the failure for that reason. */
export function storeFailure(reason: string, cause?: unknown): StoreFailure {
  return { kind: "failure", reason, ...(cause !== undefined && { cause }) };
}

/**
 * Reads a store's answer to `query`. Entries that are not Waku messages are ignored. A message that was not asked for
 * is a failure: it shows that the store does not follow the protocol.
 */
export function readStorePage(bytes: Uint8Array, query: StoreQuery): StorePage | StoreFailure {
  const answer = decodeStoreAnswer(bytes, query.limit);
  if (answer === undefined) return storeFailure("sent no valid answer");
  const { status, requestId, messages, cursor } = answer;
  if (status < 200 || status > 299) return storeFailure(`answered with status ${status}`);
  if (requestId !== "" && requestId !== query.requestId) return storeFailure("answered another question");
  if (!messages.every((entry) => isAskedFor(entry, query)))
    return storeFailure("sent messages that were not asked for");
  const packets = messages.flatMap(({ message }) => (message && packetOfWakuMessage(message)) ?? []);
  if (cursor === undefined) return { kind: "page", packets };
  return packets.length > 0
    ? { kind: "page", packets, cursor }
    : storeFailure("sent a page without messages");
}

function isAskedFor({ message, pubsubTopic }: StoredMessage, query: StoreQuery): boolean {
  if (message === undefined) return true;
  if (pubsubTopic !== undefined && pubsubTopic !== WAKU_PUBSUB_TOPIC) return false;
  return query.contentTopics.includes(message.contentTopic) && message.timestamp >= query.timeStart;
}
