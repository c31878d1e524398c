import type { Clock, HistoryOptions, Packet } from "@demls/wire/core";
import { afterAll, afterEach, beforeAll } from "vitest";
import {
  createGossipsubTransport,
  WAKU_PUBSUB_TOPIC,
  wakuMessageOf,
  type GossipsubNode,
  type GossipsubTransport,
} from "../src/index.js";
import { encodeWakuMessage } from "../src/waku-message.js";
import { startNode } from "./loopback.js";
import { platformClock } from "./network.js";
import { startStore, type Serve, type StoreEntry, type StoreNode } from "./waku-store.js";

/** Start of the histories: in 1970, so that the stores' decoder reads nanoseconds exactly. */
export const SINCE_MS = 5_000_000;

export function packetOf(text: string, changes: Partial<Packet> = {}): Packet {
  const payload = new TextEncoder().encode(text);
  return { payload, subtopic: "app_msg", conversationId: "garden", appId: new Uint8Array(16), ...changes };
}

export function messageOf(packet: Packet, ms = SINCE_MS): Uint8Array {
  return encodeWakuMessage(wakuMessageOf(packet, BigInt(ms) * 1_000_000n));
}

export function entryOf(text: string, ms = SINCE_MS): StoreEntry {
  return { message: messageOf(packetOf(text), ms), pubsub: WAKU_PUBSUB_TOPIC };
}

export function cursorOf(number: number): Uint8Array {
  return new Uint8Array(32).fill(number);
}

/** Two stores and a member's node on loopback, the same for all tests of a file. */
export interface HistoryNodes {
  readonly node: GossipsubNode;
  readonly first: StoreNode;
  readonly second: StoreNode;
  /** A transport over the member's node until the end of the test. */
  member(addresses: readonly string[], subtopics?: readonly string[], clock?: Clock): GossipsubTransport;
  /** Sets the way the first store serves, and returns its address. */
  firstThat(serve: Serve): string;
}

/** Fills a store with numbered messages, a millisecond apart, and returns its address. */
export function filled(store: StoreNode, count: number): string {
  for (let i = 0; i < count; i += 1) store.kept.keep(messageOf(packetOf(`${i}`), SINCE_MS + i));
  return store.address;
}

/** Starts the nodes before the tests of a file, and stops them after the last one. */
export function startHistoryNodes(): HistoryNodes {
  const nodes: GossipsubNode[] = [];
  const stores: StoreNode[] = [];
  let transport: GossipsubTransport | undefined;
  beforeAll(async () => {
    stores.push(await startStore(), await startStore());
    nodes.push(await startNode("waku"));
  });
  afterEach(async () => {
    await transport?.close();
    for (const store of stores) store.reset();
  });
  afterAll(async () => {
    for (const node of nodes) await node.stop();
    for (const store of stores) await store.stop();
  });
  return {
    get node() {
      return started(nodes[0]);
    },
    get first() {
      return started(stores[0]);
    },
    get second() {
      return started(stores[1]);
    },
    member(addresses, subtopics = [], clock = platformClock) {
      const node = started(nodes[0]);
      return (transport = createGossipsubTransport({ node, clock, stores: { addresses, subtopics } }));
    },
    firstThat(serve) {
      started(stores[0]).reset(serve);
      return started(stores[0]).address;
    },
  };
}

function started<T>(part: T | undefined): T {
  if (part === undefined) throw new Error("The nodes start before the tests.");
  return part;
}

/** Texts of a history since {@link SINCE_MS}, and its error. */
export async function read(
  transport: GossipsubTransport,
  { limit = Infinity, ...options }: HistoryOptions & { limit?: number } = {},
): Promise<{ texts: readonly string[]; error?: Error }> {
  const texts: string[] = [];
  try {
    for await (const { payload } of transport.history?.("garden", SINCE_MS, options) ?? []) {
      texts.push(new TextDecoder().decode(payload));
      if (texts.length === limit) break;
    }
    return { texts };
  } catch (error) {
    return { texts, error: error as Error };
  }
}
