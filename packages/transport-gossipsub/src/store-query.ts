import { bytesToUtf8 } from "@demls/wire/core";
import protobuf from "protobufjs/minimal.js";
import { longOf, zigzag } from "./protobuf-numbers.js";
import { decodeWakuMessage, type WakuMessage } from "./waku-message.js";
import { WAKU_PUBSUB_TOPIC } from "./waku-topic.js";

/** Protocol id of Waku's store, version 3 (13/WAKU2-STORE). */
export const WAKU_STORE_PROTOCOL = "/vac/waku/store-query/3.0.0";

/** Length of a cursor: the hash of the last message of the page before. */
const CURSOR_BYTES = 32;

/** Question for a page of messages of {@link WAKU_PUBSUB_TOPIC}, oldest first: parts of `StoreQueryRequest`. */
export interface StoreQuery {
  /** Unique text, which the answer repeats. */
  readonly requestId: string;
  readonly contentTopics: readonly string[];
  /** Nanoseconds since the Unix epoch, inclusive; at most 2^63 - 1. */
  readonly timeStart: bigint;
  /** Cursor of the page before; absent for the first page. */
  readonly cursor?: Uint8Array;
  /** Maximum number of messages. */
  readonly limit: number;
}

/** Entry of a page: a `WakuMessageKeyValue` without its hash. */
export interface StoredMessage {
  /** Absent if it is not valid. */
  readonly message?: WakuMessage;
  /** Absent if the store does not tell it. */
  readonly pubsubTopic?: string;
}

/** Answer to a {@link StoreQuery}: parts of `StoreQueryResponse`. */
export interface StoreAnswer {
  /** Empty if absent. */
  readonly requestId: string;
  /** 0 if absent. */
  readonly status: number;
  readonly messages: readonly StoredMessage[];
  /** Cursor for the next page; absent after the last one. */
  readonly cursor?: Uint8Array;
}

/** Keys of the request's fields: numbers with wire types. */
const ASKED = {
  requestId: (1 << 3) | 2,
  includeData: 2 << 3,
  pubsubTopic: (10 << 3) | 2,
  contentTopic: (11 << 3) | 2,
  timeStart: 12 << 3,
  cursor: (51 << 3) | 2,
  forward: 52 << 3,
  limit: 53 << 3,
} as const;

/** Keys of the answer's fields. */
const ANSWERED = {
  requestId: (1 << 3) | 2,
  status: 10 << 3,
  message: (20 << 3) | 2,
  cursor: (51 << 3) | 2,
} as const;

/** Keys of an entry's fields. */
const ENTRY = { message: (2 << 3) | 2, pubsubTopic: (3 << 3) | 2 } as const;

/** Encodes a question as protobuf. */
export function encodeStoreQuery(query: StoreQuery): Uint8Array {
  const { requestId, contentTopics, timeStart, cursor, limit } = query;
  const writer = protobuf.Writer.create()
    .uint32(ASKED.requestId)
    .string(requestId)
    .uint32(ASKED.includeData)
    .bool(true)
    .uint32(ASKED.pubsubTopic)
    .string(WAKU_PUBSUB_TOPIC);
  for (const contentTopic of contentTopics) writer.uint32(ASKED.contentTopic).string(contentTopic);
  writer.uint32(ASKED.timeStart).uint64(longOf(zigzag(timeStart)));
  if (cursor) writer.uint32(ASKED.cursor).bytes(cursor);
  return writer.uint32(ASKED.forward).bool(true).uint32(ASKED.limit).uint32(limit).finish();
}

/**
 * Decodes an answer from protobuf `bytes`, with copies of its fields.
 *
 * @param maxMessages - maximum number of entries
 * @returns `undefined` if they are not an answer, or one with more entries
 */
export function decodeStoreAnswer(bytes: Uint8Array, maxMessages: number): StoreAnswer | undefined {
  try {
    return readAnswer(protobuf.Reader.create(bytes), maxMessages);
  } catch {
    return undefined;
  }
}

/** The last of a field that is not repeated counts, as in protobuf. */
function readAnswer(reader: protobuf.Reader, maxMessages: number): StoreAnswer | undefined {
  const messages: StoredMessage[] = [];
  let requestId: string | undefined = "";
  let status = 0;
  let cursor: Uint8Array | undefined;
  while (reader.pos < reader.len) {
    const key = reader.uint32();
    if (key === ANSWERED.requestId) requestId = bytesToUtf8(reader.bytes());
    else if (key === ANSWERED.status) status = reader.uint32();
    else if (key === ANSWERED.cursor) cursor = Uint8Array.from(reader.bytes());
    else if (key !== ANSWERED.message) reader.skipType(key & 7);
    else if (messages.push(readEntry(protobuf.Reader.create(reader.bytes()))) > maxMessages) return undefined;
  }
  if (requestId === undefined) return undefined;
  if (cursor === undefined || cursor.length === 0) return { requestId, status, messages };
  return cursor.length === CURSOR_BYTES ? { requestId, status, messages, cursor } : undefined;
}

function readEntry(reader: protobuf.Reader): StoredMessage {
  let message: WakuMessage | undefined;
  let pubsubTopic: string | undefined;
  while (reader.pos < reader.len) {
    const key = reader.uint32();
    if (key === ENTRY.message) message = decodeWakuMessage(reader.bytes());
    else if (key === ENTRY.pubsubTopic) pubsubTopic = bytesToUtf8(reader.bytes()) ?? "";
    else reader.skipType(key & 7);
  }
  return { ...(message && { message }), ...(pubsubTopic !== undefined && { pubsubTopic }) };
}
