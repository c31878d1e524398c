import { DemlsError, type Clock, type RandomSource } from "@demls/wire/core";
import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import { identify } from "@libp2p/identify";
import type { PrivateKey } from "@libp2p/interface";
import { noise } from "@libp2p/noise";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { createLibp2p } from "libp2p";
import type { FramingName } from "../framing.js";
import { gossipsubService, partsOf } from "../gossipsub-service.js";
import type { GossipsubNode } from "../gossipsub-transport.js";
import type { PeerConduct } from "../peer-conduct.js";
import { ConnectionGate } from "./connection-gate.js";
import type { LocalDiscovery } from "./local-discovery.js";
import { listenAddress } from "./peer-address.js";
import { webSocketTransport } from "./web-sockets.js";

/**
 * Connection limits. libp2p's defaults admit five peers a second from one host and ten at once, too few for a group on
 * one machine.
 */
const CONNECTION_LIMITS = {
  maxConnections: 128,
  maxIncomingPendingConnections: 64,
  inboundConnectionThreshold: 64,
} as const;

/** Limits on a peer's unread bytes; the default is 16 MiB in each of a thousand streams. */
const STREAM_LIMITS = { maxInboundStreams: 32, streamOptions: { maxStreamWindowSize: 262_144 } } as const;

/** Length of an Ed25519 seed. */
const SEED_BYTES = 32;

/** Settings of {@link createNode}. */
export interface NodeSettings {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly framing: FramingName;
  readonly listen: readonly string[];
  readonly privateKey: Uint8Array | undefined;
  readonly discovery: LocalDiscovery | undefined;
}

/** A node with the parts that decide about its connections. */
export interface OwnNode {
  readonly node: GossipsubNode;
  readonly gate: ConnectionGate;
  readonly conduct: PeerConduct;
  readonly privateKey: PrivateKey;
  /** Starts listening. @throws DemlsError `cannot-listen` */
  start(): Promise<void>;
  /** Stops the node and wipes its key. */
  stop(): Promise<void>;
}

/** Creates a node. @throws DemlsError `invalid-address`, `invalid-private-key`, `unknown-framing` */
export async function createNode(settings: NodeSettings): Promise<OwnNode> {
  const { clock, framing, listen, discovery } = settings;
  const addresses = listen.map(listenAddress);
  const seed = seedOf(settings);
  const privateKey = await generateKeyPairFromSeed("Ed25519", seed);
  seed.fill(0);
  const gate = new ConnectionGate();
  const node = await createLibp2p({
    start: false,
    privateKey,
    addresses: { listen: addresses.map(String) },
    transports: [tcp(), await webSocketTransport(addresses)],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux(STREAM_LIMITS)],
    connectionManager: CONNECTION_LIMITS,
    connectionGater: gate,
    peerDiscovery: discovery ? [discovery] : [],
    services: { identify: identify(), pubsub: gossipsubService({ clock, framing }) },
  });
  const { conduct } = partsOf(node.services.pubsub);
  gate.isOut = (peerId) => conduct.isOut(peerId);
  return {
    node,
    gate,
    conduct,
    privateKey,
    async start() {
      try {
        await node.start();
      } catch (error) {
        throw cannotListen(listen, error);
      }
    },
    async stop() {
      await node.stop();
      privateKey.raw.fill(0);
    },
  };
}

/** Copies or draws the node's seed. */
function seedOf({ privateKey, random }: NodeSettings): Uint8Array {
  if (privateKey === undefined) return random.bytes(SEED_BYTES);
  if (privateKey instanceof Uint8Array && privateKey.length === SEED_BYTES) return privateKey.slice();
  throw new DemlsError("invalid-private-key", {
    message: `The private key of a node must be a Uint8Array of ${SEED_BYTES} bytes.`,
    field: "privateKey",
    remedy: `Pass ${SEED_BYTES} random bytes kept from an earlier run, or none for a new identity.`,
  });
}

function cannotListen(listen: readonly string[], cause: unknown): DemlsError<"cannot-listen"> {
  return new DemlsError("cannot-listen", {
    message: `The node could not listen on ${listen.join(", ")}: ${reasonOf(cause)}.`,
    field: "listen",
    remedy: "Pass a free port, or 0 for any, on an address of this machine.",
    cause,
  });
}

/** The system's error message, out of libp2p's list of addresses with stacks. */
function reasonOf(cause: unknown): string {
  const { message } = cause instanceof Error ? cause : { message: String(cause) };
  return /^.*?Error: (.*)$/m.exec(message)?.[1] ?? message.split("\n", 1).join();
}
