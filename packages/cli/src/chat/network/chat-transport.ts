import type { DialledAddress, KnownPeer } from "@demls/transport-gossipsub/node";
import type { Transport } from "demls";
import type { Observable } from "rxjs";

/** Topic and message format of the packets. */
export type Framing = "plain" | "waku";

/** Options of the libp2p node of a chat. */
export interface TransportOptions {
  /** Multiaddrs to listen on. */
  readonly listen: readonly string[];
  /** Multiaddrs to dial, and to redial after a loss. */
  readonly dial: readonly string[];
  /** Peers of the last run, which are dialled too. Their failures are not shown. */
  readonly knownPeers: readonly KnownPeer[];
  /** Whether to discover peers, and be discovered, by multicast DNS. */
  readonly mdns: boolean;
  readonly framing: Framing;
  /** Seed of the node's Ed25519 key, 32 bytes. */
  readonly nodeKey: Uint8Array;
}

/** Connections of a node: the part of `NodeConnectionState` of @demls/transport-gossipsub that a chat shows. */
export interface ConnectionState {
  /** Whether the node dials and accepts connections. */
  readonly isOnline: boolean;
  /** Peer ids. */
  readonly peers: readonly string[];
  readonly topics: readonly {
    readonly topic: string;
    readonly conversationIds: readonly string[];
    /** Number of connected peers that subscribe to the topic. */
    readonly subscribers: number;
    readonly mesh: number;
  }[];
  /** Number of packets buffered until a peer subscribes. */
  readonly waiting: number;
  /** Dialled addresses, which are redialled after a loss. */
  readonly dialling: readonly DialledAddress[];
}

/** Transport of a chat. */
export interface ChatTransport extends Transport {
  readonly peerId: string;
  /** Multiaddrs of this node. */
  readonly addresses: readonly string[];
  readonly connection: ConnectionState;
  /** The connection state, now and after every change. */
  readonly connection$: Observable<ConnectionState>;
  /** Connected peers in a conversation, and where they listen. */
  knownPeers(conversation: string): Promise<readonly KnownPeer[]>;
  /** Dials one more address or several, and redials them after a loss. */
  dial(addresses: string | readonly string[]): Promise<void>;
  /** Closes all connections, and neither dials nor accepts any until {@link goOnline}. */
  goOffline(): void;
  goOnline(): void;
  /** Closes the transport after pending packets are sent. */
  close(): Promise<void>;
}

/** The dialled addresses whose last dial failed. */
export function unreachable({ dialling, isOnline }: ConnectionState): readonly DialledAddress[] {
  return isOnline ? dialling.filter(({ state, failures }) => state !== "connected" && failures > 0) : [];
}

/** Number of peers that subscribe to the topics of a conversation. */
export function subscribersOf({ topics }: ConnectionState, conversation: string): number {
  return topics
    .filter(({ conversationIds }) => conversationIds.includes(conversation))
    .reduce((sum, { subscribers }) => sum + subscribers, 0);
}
