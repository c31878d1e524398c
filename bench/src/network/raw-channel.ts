import { gossipsubService } from "@demls/transport-gossipsub";
import { bytesToUtf8, utf8ToBytes } from "@demls/wire/core";
import { identify } from "@libp2p/identify";
import { noise } from "@libp2p/noise";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { multiaddr } from "@multiformats/multiaddr";
import { platformClock } from "demls";
import { createLibp2p } from "libp2p";
import { setTimeout as delay } from "node:timers/promises";
import type { Channel, OnText } from "./channel.js";
import { provideWithResolvers } from "./with-resolvers.js";

const TOPIC = "bench";

/** Poll interval of the subscribers. */
const LOOK_MS = 50;

/** Same as in `startGossipsub`; libp2p accepts five connections per second from one host by default. */
const CONNECTION_LIMITS = { maxIncomingPendingConnections: 64, inboundConnectionThreshold: 64 };

/** Creates a plain gossipsub channel with the settings of `startGossipsub`. Each text is one message. */
export async function rawChannel(onText: OnText): Promise<Channel> {
  provideWithResolvers();
  const node = await createLibp2p({
    addresses: { listen: ["/ip4/127.0.0.1/tcp/0"] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: CONNECTION_LIMITS,
    services: { identify: identify(), pubsub: gossipsubService({ clock: platformClock }) },
  });
  const { pubsub } = node.services;
  pubsub.addEventListener("message", ({ detail }) => onText(bytesToUtf8(detail.data) ?? ""));
  return {
    addresses: node.getMultiaddrs().map(String),
    async dial(addresses) {
      for (const address of addresses) await node.dial(multiaddr(address));
    },
    async open(members) {
      pubsub.subscribe(TOPIC);
      while (pubsub.getSubscribers(TOPIC).length < members - 1) await delay(LOOK_MS);
    },
    send: (text) => pubsub.publish(TOPIC, utf8ToBytes(text)),
  };
}
