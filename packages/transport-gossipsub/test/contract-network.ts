import type { ClosableTransport, TransportNetwork } from "@demls/testkit";
import type { Clock } from "@demls/wire/core";
import type { GossipSubEvents } from "@libp2p/gossipsub";
import {
  createGossipsubTransport,
  type FramingName,
  type GossipsubNode,
  type GossipsubTransport,
} from "../src/index.js";
import { connect, startNode } from "./loopback.js";
import { platformClock } from "./network.js";
import type { StoreNode } from "./waku-store.js";

/**
 * A topic per node that only this node subscribes to: a marker on it comes from its publisher directly, after all
 * earlier packets.
 */
function markersOf(node: GossipsubNode): string {
  return `/markers/${String(node.peerId)}`;
}

/** Long enough for a subscription under way, and short if no peer comes. */
const PUBLISH_TIMEOUT_MS = 500;

/** A network whose members can be closed. */
export interface ContractNetwork extends TransportNetwork {
  join(): Promise<ClosableTransport>;
  /** The members' nodes. */
  readonly nodes: readonly GossipsubNode[];
}

/** Settings of {@link createContractNetwork}. */
export interface ContractNetworkOptions {
  /** The members' clock. */
  readonly clock?: Clock;
  /** A store that all members are connected to, and ask for old packets. The network stops it. */
  readonly store?: StoreNode;
}

/** Members on loopback, all connected to each other. Subscribing resolves when all others know of it. */
export function createContractNetwork(
  framing: FramingName,
  { clock = platformClock, store }: ContractNetworkOptions = {},
): ContractNetwork {
  const nodes: GossipsubNode[] = store ? [store.node] : [];
  const stores = store && { addresses: [store.address], subtopics: ["my-beacons"] };
  store?.node.services.pubsub.subscribe(markersOf(store.node));
  const transports: GossipsubTransport[] = [];
  let markers = 0;

  const others = (node: GossipsubNode): GossipsubNode[] => nodes.filter((each) => each !== node);

  async function isKnownToAll(node: GossipsubNode, topic: string): Promise<void> {
    await Promise.all(others(node).map((other) => knows(other, node, topic)));
  }

  return {
    get nodes() {
      return nodes.filter((node) => node !== store?.node);
    },

    refuses: (name) => framing === "waku" && (name === "" || name.includes("/")),

    async join() {
      const node = await startNode(framing);
      node.services.pubsub.subscribe(markersOf(node));
      nodes.push(node);
      await Promise.all(others(node).map((other) => connect(node, other)));
      await isKnownToAll(node, markersOf(node));
      await Promise.all(others(node).map((other) => knows(node, other, markersOf(other))));
      const publishTimeoutMs = PUBLISH_TIMEOUT_MS;
      const transport = createGossipsubTransport({
        node,
        clock,
        publishTimeoutMs,
        ...(stores && { stores }),
      });
      transports.push(transport);
      return {
        publish: (packet) => transport.publish(packet),
        async subscribe(conversationId, listener) {
          const end = await transport.subscribe(conversationId, listener);
          const { topics } = transport.connection;
          for (const { topic, conversationIds } of topics)
            if (conversationIds.includes(conversationId)) await isKnownToAll(node, topic);
          return end;
        },
        ...(transport.history && { history: transport.history.bind(transport) }),
        close: () => transport.close(),
      } satisfies ClosableTransport;
    },

    async settle() {
      const pairs = nodes.flatMap((from) => others(from).map((to) => ({ from, to })));
      await Promise.all(
        pairs.map(async ({ from, to }) => {
          const marker = Uint8Array.of((markers += 1));
          const arrived = hasArrived(to, marker);
          await from.services.pubsub.publish(markersOf(to), marker);
          await arrived;
        }),
      );
    },

    async close() {
      for (const transport of transports) await transport.close();
      for (const node of nodes) await node.stop();
    },
  };
}

/** Resolves when `node` knows that `other` subscribes to a topic. */
function knows(node: GossipsubNode, other: GossipsubNode, topic: string): Promise<void> {
  const { pubsub } = node.services;
  return new Promise((resolve) => {
    const look = (): void => {
      if (!pubsub.getSubscribers(topic).some((peer) => peer.equals(other.peerId))) return;
      pubsub.removeEventListener("subscription-change", look);
      resolve();
    };
    pubsub.addEventListener("subscription-change", look);
    look();
  });
}

function hasArrived(node: GossipsubNode, marker: Uint8Array): Promise<void> {
  const { pubsub } = node.services;
  return new Promise((resolve) => {
    const look = ({ detail }: GossipSubEvents["message"]): void => {
      if (detail.topic !== markersOf(node) || detail.data[0] !== marker[0]) return;
      pubsub.removeEventListener("message", look);
      resolve();
    };
    pubsub.addEventListener("message", look);
  });
}
