import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import { identify } from "@libp2p/identify";
import { noise } from "@libp2p/noise";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { createSeededRandom } from "@demls/testkit";
import { createLibp2p } from "libp2p";
import { gossipsubService, type FramingName, type GossipsubNode } from "../src/index.js";
import { provideForNode20 } from "../src/node/node-20.js";
import { platformClock as clock } from "./network.js";

const random = createSeededRandom("loopback");

/** Creates a libp2p node on loopback, as an application would. */
export async function startNode(framing: FramingName, pubsub = gossipsubService({ clock, framing })) {
  await provideForNode20();
  const node: GossipsubNode = await createLibp2p({
    privateKey: await generateKeyPairFromSeed("Ed25519", random.bytes(32)),
    addresses: { listen: ["/ip4/127.0.0.1/tcp/0"] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify(), pubsub },
  });
  return node;
}

/** Connects a node to another. */
export async function connect(node: GossipsubNode, other: GossipsubNode): Promise<void> {
  await node.dial(other.getMultiaddrs());
}
