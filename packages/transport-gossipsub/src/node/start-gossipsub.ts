import type { Clock, RandomSource } from "@demls/wire/core";
import { combineLatest, distinctUntilChanged, map, type Observable } from "rxjs";
import type { ConnectionState } from "../connection-state.js";
import type { FramingName } from "../framing.js";
import {
  createGossipsubTransport,
  DEFAULT_PUBLISH_TIMEOUT_MS,
  type GossipsubTransport,
} from "../gossipsub-transport.js";
import { framingOf } from "../framings.js";
import { requirePublishTimeout, transportClosed } from "../transport-errors.js";
import { requireStores, type WakuStores } from "../waku-stores.js";
import type { DialledAddress } from "./dialled-address.js";
import { flush } from "./flush.js";
import { knownPeersOf, type KnownPeer } from "./known-peer.js";
import { createNode } from "./libp2p-node.js";
import { localDiscovery } from "./local-discovery.js";
import { provideForNode20 } from "./node-20.js";
import { NodeConnections } from "./node-connections.js";
import type { PeerAnnouncement } from "./peer-announcement.js";
import { PeerExchange } from "./peer-exchange.js";

/** A free port, reachable from the same machine only. */
const DEFAULT_LISTEN = ["/ip4/127.0.0.1/tcp/0"];

/** Settings of {@link startGossipsub}. */
export interface StartGossipsubOptions {
  /** Clock for publishing, dialling, peer exchange and the timestamps of messages. */
  readonly clock: Clock;
  /** Randomness for a new node key and for the waits between dials. */
  readonly random: RandomSource;
  /**
   * Framing of packets. All members of a conversation need the same; members of de-mls 3.0.0 need `waku`.
   *
   * @defaultValue `"plain"`
   */
  readonly framing?: FramingName;
  /**
   * Multiaddrs to listen on: TCP, or WebSocket with `/ws` at the end. An empty list makes a node that only dials.
   *
   * @defaultValue `["/ip4/127.0.0.1/tcp/0"]`: a free port, reachable from the same machine only.
   *   `/ip4/0.0.0.0/tcp/4001` listens on every network of the machine.
   */
  readonly listen?: readonly string[];
  /** Multiaddrs of members to keep connected: lost or failed ones are dialled again with backoff. */
  readonly dial?: readonly string[];
  /**
   * Peers of an earlier run, at most 16, from {@link GossipsubNodeTransport.knownPeers}. They are dialled until they
   * answer, with backoff; `connection.dialling` does not have them.
   */
  readonly knownPeers?: readonly KnownPeer[];
  /**
   * Whether nodes of the local network find each other by multicast DNS, which announces the peer id and the private
   * addresses. The addresses are those of `listen`, so by default only nodes of this machine can connect.
   *
   * @defaultValue `false`
   */
  readonly mdns?: boolean;
  /**
   * Whether members of a conversation exchange their addresses. So they stay connected when the one peer that all have
   * dialled leaves. Subscribers of a conversation's topic learn the peer ids and addresses.
   *
   * @defaultValue `true`
   */
  readonly peerExchange?: boolean;
  /**
   * Seed of the node's Ed25519 key, 32 bytes, copied. It keeps the peer id over restarts, and is independent of the
   * members' keys.
   *
   * @defaultValue a new one
   */
  readonly privateKey?: Uint8Array;
  /**
   * Time that a packet waits for a peer subscribed to its conversation, in ms, before `publish` rejects.
   *
   * @defaultValue `10_000`, as de-mls 3.0.0 waits for its Waku node
   */
  readonly publishTimeoutMs?: number;
  /** Waku nodes that serve old packets, by which the transport has `history`; with framing `waku` only. */
  readonly stores?: WakuStores;
}

/** Connection state of a transport with its own node. */
export interface NodeConnectionState extends ConnectionState {
  /** Whether the node makes and accepts connections: false from `goOffline` to `goOnline`. */
  readonly isOnline: boolean;
  /** Addresses that are kept connected. */
  readonly dialling: readonly DialledAddress[];
}

/** A {@link GossipsubTransport} with its own node, which `close()` stops. */
export interface GossipsubNodeTransport extends GossipsubTransport {
  /** The current connection state, including kept addresses. */
  readonly connection: NodeConnectionState;
  /** The connection state and each change of it. Completes with `close()`. */
  readonly connection$: Observable<NodeConnectionState>;
  /**
   * Connects to the member at a multiaddr and keeps it connected, like the option `dial`. Of several addresses each is
   * dialled, and the first connection is enough.
   *
   * @throws DemlsError `unreachable` if the first dial fails, though dials go on; `offline` if the node is, though
   *   `goOnline` dials; `invalid-address`, `own-address`, `too-many-addresses`, `transport-closed`; of several addresses the
   *   error of the first one if all fail
   */
  dial(addresses: string | readonly string[]): Promise<void>;
  /**
   * Connected peers that subscribe to a conversation's topic, and where they listen: for `knownPeers` of the next start.
   * Peers that listen nowhere are left out.
   */
  knownPeers(conversationId: string): Promise<readonly KnownPeer[]>;
  /**
   * Closes all connections, and makes none until `goOnline`. Subscriptions stay, and packets published meanwhile wait
   * for a peer.
   */
  goOffline(): void;
  /** Ends {@link GossipsubNodeTransport.goOffline}: dials the kept addresses and the peers connected before. */
  goOnline(): void;
}

/**
 * Starts a libp2p node and the transport over it. It resolves once the node listens, whether the dials succeed or not.
 *
 * @throws DemlsError `invalid-address`, `own-address`, `too-many-addresses`, `invalid-private-key`, `unknown-framing`,
 *   `invalid-publish-timeout`; `stores-need-waku`, `too-many-stores`, `too-many-subtopics`, `invalid-subtopic` for
 *   `stores`; `cannot-listen` if a port is taken or an address is not this machine's
 *
 * @example
 * ```ts
 * const transport = await startGossipsub({ clock, random, dial: [address] });
 * console.log(transport.addresses); // for the next one to dial
 * ```
 */
export async function startGossipsub(options: StartGossipsubOptions): Promise<GossipsubNodeTransport> {
  const { clock, random, framing = "plain", listen = DEFAULT_LISTEN, dial = [], privateKey } = options;
  const {
    peerExchange = true,
    mdns = false,
    publishTimeoutMs = DEFAULT_PUBLISH_TIMEOUT_MS,
    knownPeers = [],
    stores,
  } = options;
  requirePublishTimeout(publishTimeoutMs);
  requireStores(stores, framingOf(framing));
  await provideForNode20();
  const onFound = (peer: PeerAnnouncement): void => connections.found(peer);
  const discovery = mdns ? await localDiscovery(onFound) : undefined;
  const own = await createNode({ clock, random, framing, listen, privateKey, discovery });
  const { node } = own;
  const transport = createGossipsubTransport({ node, clock, publishTimeoutMs, ...(stores && { stores }) });
  const connections = new NodeConnections({ ...own, clock, random });
  const topics$ = transport.connection$.pipe(
    map(({ topics }) => topics.map(({ topic }) => topic)),
    distinctUntilChanged((a, b) => a.length === b.length && a.every((topic, index) => topic === b[index])),
  );
  const exchange = peerExchange ? new PeerExchange({ ...own, clock, topics$, onFound }) : undefined;
  let closing: Promise<void> | undefined;

  const closeOnce = (): Promise<void> => (closing ??= close());

  async function close(): Promise<void> {
    exchange?.close();
    connections.close();
    await transport.close();
    await flush(node, clock);
    await own.stop();
  }

  try {
    await own.start();
    connections.keep(dial);
    connections.know(knownPeers);
  } catch (error) {
    await close();
    throw error;
  }

  function withDialling(state: ConnectionState): NodeConnectionState {
    return { ...state, isOnline: connections.isOnline, dialling: connections.dialling };
  }

  return {
    ...transport,
    get addresses() {
      return transport.addresses;
    },
    get connection() {
      return withDialling(transport.connection);
    },
    connection$: combineLatest([transport.connection$, connections.dialling$]).pipe(
      map(([state]) => withDialling(state)),
    ),
    async dial(addresses) {
      if (closing) throw transportClosed();
      await connections.dialAny(typeof addresses === "string" ? [addresses] : addresses);
    },
    knownPeers: (conversationId) => knownPeersOf(node, framingOf(framing).topicOf(conversationId)),
    goOffline: () => connections.goOffline(),
    goOnline: () => connections.goOnline(),
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  };
}
