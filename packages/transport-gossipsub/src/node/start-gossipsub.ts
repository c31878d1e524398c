import type { Clock, RandomSource } from "@demls/wire/core";
import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import { noise } from "@libp2p/noise";
import { identify } from "@libp2p/identify";
import { tcp } from "@libp2p/tcp";
import { webSockets } from "@libp2p/websockets";
import { yamux } from "@libp2p/yamux";
import { multiaddr } from "@multiformats/multiaddr";
import { createLibp2p } from "libp2p";
import type { FramingName } from "../framing.js";
import { gossipsubService } from "../gossipsub-service.js";
import { createGossipsubTransport, type GossipsubTransport } from "../gossipsub-transport.js";
import { provideWithResolvers } from "./with-resolvers.js";

/** Settings of {@link startGossipsub}. */
export interface StartGossipsubOptions {
  readonly clock: Clock;
  readonly random: RandomSource;
  /** @defaultValue `"plain"` */
  readonly framing?: FramingName;
  /** @defaultValue `["/ip4/127.0.0.1/tcp/0"]` */
  readonly listen?: readonly string[];
  /** Multiaddrs of peers. */
  readonly dial?: readonly string[];
  /** The seed of the node's Ed25519 key, 32 bytes. @defaultValue a new one */
  readonly privateKey?: Uint8Array;
}

/** A {@link GossipsubTransport} that has a node of its own, which `close()` stops. */
export interface GossipsubNodeTransport extends GossipsubTransport {
  /** Connects to the peer at a multiaddr. */
  dial(address: string): Promise<void>;
}

/** Starts a libp2p node, and the transport over it. */
export async function startGossipsub(options: StartGossipsubOptions): Promise<GossipsubNodeTransport> {
  const { clock, random, framing = "plain", listen = ["/ip4/127.0.0.1/tcp/0"], dial = [] } = options;
  provideWithResolvers();
  const node = await createLibp2p({
    privateKey: await generateKeyPairFromSeed("Ed25519", options.privateKey ?? random.bytes(32)),
    addresses: { listen: [...listen] },
    transports: [tcp(), webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify(), pubsub: gossipsubService({ clock, framing }) },
  });
  const transport = createGossipsubTransport({ node, clock });
  const dialPeer = async (address: string): Promise<void> => void (await node.dial(multiaddr(address)));
  await Promise.all(dial.map(dialPeer));
  return {
    ...transport,
    get addresses() {
      return transport.addresses;
    },
    get connection() {
      return transport.connection;
    },
    dial: dialPeer,
    async close() {
      await transport.close();
      await node.stop();
    },
  };
}
