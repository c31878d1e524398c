import { utf8ToBytes } from "@demls/wire/core";
import type { Stream } from "@libp2p/interface";
import { lpStream } from "@libp2p/utils";
import { sha256 } from "@noble/hashes/sha2.js";
import protobuf from "protobufjs";
import { decodeWakuMessage, type WakuMessage } from "../src/waku-message.js";
import { WAKU_PUBSUB_TOPIC, type GossipsubNode } from "../src/index.js";
import { startNode } from "./loopback.js";

/** Protocol of 13/WAKU2-STORE. */
export const STORE_PROTOCOL = "/vac/waku/store-query/3.0.0";

/** Pages of Waku's implementations. */
const DEFAULT_PAGE = 20;
const MAX_PAGE = 100;

/** Fields of 13/WAKU2-STORE with their numbers, apart from the client's code. Messages are left encoded. */
const { root } = protobuf.parse(
  `syntax = "proto3";
  message Entry {
    optional bytes hash = 1;
    optional bytes message = 2;
    optional string pubsub = 3;
  }
  message Request {
    string id = 1;
    bool data = 2;
    optional string pubsub = 10;
    repeated string topics = 11;
    optional sint64 start = 12;
    optional sint64 end = 13;
    repeated bytes hashes = 20;
    optional bytes cursor = 51;
    bool forward = 52;
    optional uint64 limit = 53;
  }
  message Response {
    string id = 1;
    optional uint32 status = 10;
    optional string description = 11;
    repeated Entry entries = 20;
    optional bytes cursor = 51;
  }`,
  { keepCase: true },
);
const [requestType, responseType] = [root.lookupType("Request"), root.lookupType("Response")];

/** A question, as received. protobufjs reads times up to 2^53 ns exactly. */
export interface StoreRequest {
  readonly id: string;
  readonly data: boolean;
  readonly pubsub?: string;
  readonly topics: readonly string[];
  readonly start?: number;
  readonly end?: number;
  readonly hashes: readonly Uint8Array[];
  readonly cursor?: Uint8Array;
  readonly forward: boolean;
  readonly limit?: number;
}

export interface StoreEntry {
  readonly hash?: Uint8Array;
  readonly message?: Uint8Array;
  readonly pubsub?: string;
}

export interface StoreResponse {
  readonly id?: string;
  readonly status?: number;
  readonly description?: string;
  readonly entries?: readonly StoreEntry[];
  readonly cursor?: Uint8Array;
}

/** Bytes of a response, without their length. */
export function encodeResponse(response: StoreResponse): Uint8Array {
  return responseType.encode(responseType.create({ ...response })).finish();
}

/** Decodes a request, as a store does. */
export function decodeRequest(bytes: Uint8Array): StoreRequest {
  return requestType.toObject(requestType.decode(bytes), {
    arrays: true,
    defaults: false,
    longs: Number,
  }) as StoreRequest;
}

/** Deterministic message hash of 14/WAKU2-MESSAGE. */
export function messageHash(
  { payload, contentTopic, meta, timestamp }: WakuMessage,
  pubsub: string,
): Uint8Array {
  const time = new Uint8Array(8);
  new DataView(time.buffer).setBigInt64(0, timestamp);
  const hash = sha256.create();
  for (const part of [utf8ToBytes(pubsub), payload, utf8ToBytes(contentTopic), meta, time]) hash.update(part);
  return hash.digest();
}

interface Kept {
  readonly bytes: Uint8Array;
  readonly message: WakuMessage;
  readonly hash: Uint8Array;
}

/** Messages of a pubsub topic, in the order of a store: by timestamp, then by hash. */
export class StoredMessages {
  readonly #kept: Kept[] = [];

  keep(bytes: Uint8Array): void {
    const message = decodeWakuMessage(bytes);
    if (message === undefined) return;
    this.#kept.push({ bytes, message, hash: messageHash(message, WAKU_PUBSUB_TOPIC) });
    this.#kept.sort(
      (a, b) => Number(a.message.timestamp - b.message.timestamp) || Buffer.compare(a.hash, b.hash),
    );
  }

  /** The response of a store that follows the specification. */
  answer(request: StoreRequest): StoreResponse {
    const { id, pubsub, topics, start, cursor, forward, limit = DEFAULT_PAGE } = request;
    if (id === "" || !forward || request.end !== undefined || request.hashes.length > 0 || topics.length > 10)
      return { id, status: 400, description: "not supported" };
    const after = cursor && this.#kept.findIndex(({ hash }) => Buffer.compare(hash, cursor) === 0);
    if (after === -1) return { id, status: 400, description: "no such cursor" };
    const found = this.#kept
      .slice(after === undefined ? 0 : after + 1)
      .filter(({ message }) => pubsub === WAKU_PUBSUB_TOPIC && topics.includes(message.contentTopic))
      .filter(({ message }) => start === undefined || message.timestamp >= BigInt(start));
    const page = found.slice(0, Math.min(limit, MAX_PAGE));
    const entries = page.map(({ bytes, hash }) => ({
      hash,
      ...(request.data && { message: bytes, pubsub: WAKU_PUBSUB_TOPIC }),
    }));
    const last = page.at(-1);
    const isLastPage = last === undefined || page.length === found.length;
    return { id, status: 200, description: "OK", entries, ...(!isLastPage && { cursor: last.hash }) };
  }
}

/** Serves one stream: answers the request, with or without sending anything. */
export type Serve = (request: StoreRequest, answer: Answering) => void | Promise<void>;

/** Ways to answer a request. */
export interface Answering {
  /** The stream, without the request. */
  readonly stream: Stream;
  /** Messages that the store has kept. */
  readonly kept: StoredMessages;
  /** Sends a response with its length, and closes the stream. */
  respond(response: StoreResponse): Promise<void>;
}

/** A node that keeps the messages it hears on Waku's topic, and serves them. */
export interface StoreNode {
  readonly node: GossipsubNode;
  /** Its multiaddr with its peer id. */
  readonly address: string;
  /** Requests since the last reset. */
  readonly requests: readonly StoreRequest[];
  readonly kept: StoredMessages;
  /** Forgets messages and requests, and serves differently from now on. */
  reset(serve?: Serve): void;
  stop(): Promise<void>;
}

const serveKept: Serve = (request, { kept, respond }) => respond(kept.answer(request));

/** Starts a store on loopback that follows the specification, until another way to serve is set. */
export async function startStore(): Promise<StoreNode> {
  const node = await startNode("waku");
  let serve = serveKept;
  let kept = new StoredMessages();
  let requests: StoreRequest[] = [];
  const { pubsub } = node.services;
  pubsub.subscribe(WAKU_PUBSUB_TOPIC);
  pubsub.addEventListener("message", ({ detail }) => {
    if (detail.topic === WAKU_PUBSUB_TOPIC) kept.keep(detail.data);
  });
  await node.handle(STORE_PROTOCOL, async (stream) => {
    const frames = lpStream(stream);
    const request = decodeRequest((await frames.read()).subarray());
    requests.push(request);
    await serve(request, {
      stream,
      kept,
      async respond(response) {
        await frames.write(encodeResponse(response));
        await stream.close();
      },
    });
  });
  return {
    node,
    get address() {
      return String(node.getMultiaddrs()[0]);
    },
    get requests() {
      return requests;
    },
    get kept() {
      return kept;
    },
    reset(next = serveKept) {
      [kept, requests, serve] = [new StoredMessages(), [], next];
    },
    stop: async () => node.stop(),
  };
}
