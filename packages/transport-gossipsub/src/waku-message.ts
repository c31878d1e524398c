import { bytesToUtf8 } from "@demls/wire/core";
import protobuf from "protobufjs/minimal.js";
import { bigintOf, longOf, unzigzag, zigzag } from "./protobuf-numbers.js";

/**
 * Envelope of both framings: `WakuMessage` of Waku's 14/WAKU2-MESSAGE. Decoding skips `rate_limit_proof` and
 * `ephemeral`, which are not used.
 */
export interface WakuMessage {
  /** The packet's payload. */
  readonly payload: Uint8Array;
  /** Content topic: for Waku's framing see `contentTopicOf`, in the plain one the bare subtopic. */
  readonly contentTopic: string;
  /** Waku's version of payload encryption; de-mls writes 2. Absent is 0. */
  readonly version: number;
  /** Nanoseconds since the Unix epoch by the sender's clock. Absent is 0. */
  readonly timestamp: bigint;
  /** Id of the sending instance, in de-mls. Absent is empty. */
  readonly meta: Uint8Array;
  /**
   * Number of the resending round, which makes copies distinct messages to gossipsub; not part of Waku. 0, for the
   * original, is not written.
   */
  readonly round?: number;
}

/** Keys of the fields: numbers with wire types. */
const KEY = {
  payload: (1 << 3) | 2,
  contentTopic: (2 << 3) | 2,
  version: 3 << 3,
  timestamp: 10 << 3,
  meta: (11 << 3) | 2,
  round: 100 << 3,
} as const;

const EMPTY = new Uint8Array();

/** Encodes `message` as protobuf. */
export function encodeWakuMessage(message: WakuMessage): Uint8Array {
  const { payload, contentTopic, version, timestamp, meta, round = 0 } = message;
  const writer = protobuf.Writer.create()
    .uint32(KEY.payload)
    .bytes(payload)
    .uint32(KEY.contentTopic)
    .string(contentTopic)
    .uint32(KEY.version)
    .uint32(version)
    .uint32(KEY.timestamp)
    .uint64(longOf(zigzag(timestamp)))
    .uint32(KEY.meta)
    .bytes(meta);
  return (round === 0 ? writer : writer.uint32(KEY.round).uint32(round)).finish();
}

/**
 * Decodes a message from protobuf `bytes`, with copies of its fields.
 *
 * @returns `undefined` if they are not a message
 */
export function decodeWakuMessage(bytes: Uint8Array): WakuMessage | undefined {
  try {
    return readWakuMessage(protobuf.Reader.create(bytes));
  } catch {
    return undefined;
  }
}

/** The last of a repeated field counts, as in protobuf. */
function readWakuMessage(reader: protobuf.Reader): WakuMessage | undefined {
  let payload: Uint8Array = EMPTY;
  let contentTopic: Uint8Array = EMPTY;
  let meta: Uint8Array = EMPTY;
  let version = 0;
  let timestamp = 0n;
  let round = 0;
  while (reader.pos < reader.len) {
    const key = reader.uint32();
    if (key === KEY.payload) payload = reader.bytes();
    else if (key === KEY.contentTopic) contentTopic = reader.bytes();
    else if (key === KEY.version) version = reader.uint32();
    else if (key === KEY.timestamp) timestamp = unzigzag(bigintOf(reader.uint64()));
    else if (key === KEY.meta) meta = reader.bytes();
    else if (key === KEY.round) round = reader.uint32();
    else reader.skipType(key & 7);
  }
  const text = bytesToUtf8(contentTopic);
  if (text === undefined) return undefined;
  // `slice` of Node's `Buffer` would share the memory.
  const [ownPayload, ownMeta] = [Uint8Array.from(payload), Uint8Array.from(meta)];
  return { payload: ownPayload, contentTopic: text, version, timestamp, meta: ownMeta, round };
}
