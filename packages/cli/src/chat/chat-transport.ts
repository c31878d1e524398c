import type { Transport } from "demls";
import type { Observable } from "rxjs";

/** Whom a node is connected to; what a chat shows of `ConnectionState` of @demls/transport-gossipsub. */
export interface Connection {
  /** Peer ids. */
  readonly peers: readonly string[];
  readonly topics: readonly {
    readonly topic: string;
    readonly conversationIds: readonly string[];
    /** How many of the peers listen to the topic. */
    readonly subscribers: number;
    readonly mesh: number;
  }[];
  /** Packets that wait for a peer. */
  readonly waiting: number;
}

/** What a chat talks over. */
export interface ChatTransport extends Transport {
  readonly peerId: string;
  /** Multiaddrs by which others reach it. */
  readonly addresses: readonly string[];
  readonly connection: Connection;
  /** The same, now and after every change. */
  readonly connection$: Observable<Connection>;
  /** Connects to one more address, and keeps to it. */
  dial(address: string): Promise<void>;
  /** Closes all connections, and takes and makes none until {@link goOnline}. */
  goOffline(): void;
  goOnline(): void;
}

/** How many peers listen to a conversation. */
export function subscribersOf({ topics }: Connection, conversation: string): number {
  return topics
    .filter(({ conversationIds }) => conversationIds.includes(conversation))
    .reduce((sum, { subscribers }) => sum + subscribers, 0);
}
