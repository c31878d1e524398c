import type { DialledAddress } from "@demls/transport-gossipsub/node";
import type { Transport } from "demls";
import type { Observable } from "rxjs";

/** How packets are put on topics. */
export type Framing = "plain" | "waku";

/** Whom a node is connected to: what a chat shows of the `NodeConnectionState` of @demls/transport-gossipsub. */
export interface ConnectionState {
  /** Whether connections are made and taken. */
  readonly isOnline: boolean;
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
  /** The addresses that connections are kept to. */
  readonly dialling: readonly DialledAddress[];
}

/** What a chat talks over. */
export interface ChatTransport extends Transport {
  readonly peerId: string;
  /** Multiaddrs by which others reach it. */
  readonly addresses: readonly string[];
  readonly connection: ConnectionState;
  /** The same, now and after every change. */
  readonly connection$: Observable<ConnectionState>;
  /** Connects to one more address, and keeps to it. */
  dial(address: string): Promise<void>;
  /** Closes all connections, and takes and makes none until {@link goOnline}. */
  goOffline(): void;
  goOnline(): void;
  /** Ends it, once what was published is out. */
  close(): Promise<void>;
}

/** The addresses that do not answer, so far or any more. */
export function unreachable({ dialling, isOnline }: ConnectionState): readonly DialledAddress[] {
  return isOnline ? dialling.filter(({ state, failures }) => state !== "connected" && failures > 0) : [];
}

/** How many peers listen to a conversation. */
export function subscribersOf({ topics }: ConnectionState, conversation: string): number {
  return topics
    .filter(({ conversationIds }) => conversationIds.includes(conversation))
    .reduce((sum, { subscribers }) => sum + subscribers, 0);
}
