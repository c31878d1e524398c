import type { DialledAddress } from "@demls/transport-gossipsub/node";
import type { Transport } from "demls";
import type { Observable } from "rxjs";

/** Topic and message format of the packets. */
export type Framing = "plain" | "waku";

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
  /** Dials one more address, and redials it after a loss. */
  dial(address: string): Promise<void>;
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
