import type { Clock, RandomSource } from "@demls/wire/core";
import { combineLatest, distinctUntilChanged, map, type Observable } from "rxjs";
import type { ConnectionState } from "../connection-state.js";
import type { FramingName } from "../framing.js";
import {
  createGossipsubTransport,
  DEFAULT_PUBLISH_TIMEOUT_MS,
  type GossipsubTransport,
} from "../gossipsub-transport.js";
import { requirePublishTimeout, transportClosed } from "../transport-errors.js";
import type { DialledAddress } from "./dialled-address.js";
import { flush } from "./flush.js";
import { createNode } from "./libp2p-node.js";
import { localDiscovery } from "./local-discovery.js";
import { provideForNode20 } from "./node-20.js";
import { NodeConnections } from "./node-connections.js";
import type { PeerAnnouncement } from "./peer-announcement.js";
import { PeerExchange } from "./peer-exchange.js";

/** A free port, for members on the same machine. */
const DEFAULT_LISTEN = ["/ip4/127.0.0.1/tcp/0"];

/** Settings of {@link startGossipsub}. */
export interface StartGossipsubOptions {
  /** Times publishing, dialling and peer exchange, and the timestamps of messages. */
  readonly clock: Clock;
  /** Makes the node's identity where `privateKey` does not, and spreads dials in time. */
  readonly random: RandomSource;
  /**
   * How packets travel. All members of a conversation need the same; with members of de-mls 3.0.0 it is `waku`.
   *
   * @defaultValue `"plain"`
   */
  readonly framing?: FramingName;
  /**
   * The multiaddrs that the node listens on, TCP or (with `/ws` at the end) WebSocket. None makes a node that only
   * dials.
   *
   * @defaultValue `["/ip4/127.0.0.1/tcp/0"]`: a free port, for members on the same machine. `/ip4/0.0.0.0/tcp/4001`
   * is reached from everywhere that the machine is.
   */
  readonly listen?: readonly string[];
  /** Multiaddrs of members that the node keeps connected: whenever one is not, it is dialled again, with backoff. */
  readonly dial?: readonly string[];
  /**
   * Whether nodes on the local network are found, and find this one, by multicast DNS: its peer id and its private
   * addresses are told to everyone there. It listens on those of `listen`, so that with the default only nodes of this
   * machine can connect.
   *
   * @defaultValue `false`
   */
  readonly mdns?: boolean;
  /**
   * Whether members tell each other where they listen, so that they find each other and stay connected when the one
   * goes whom all of them had dialled. Whoever listens to the topic of a conversation hears the peer ids and addresses
   * of those who do.
   *
   * @defaultValue `true`
   */
  readonly peerExchange?: boolean;
  /**
   * The seed of the node's Ed25519 key, 32 bytes, copied: whoever keeps it has the same peer id after a restart. It is
   * no member's key.
   *
   * @defaultValue a new one
   */
  readonly privateKey?: Uint8Array;
  /**
   * How long a packet waits for a peer that listens to its conversation, in ms, before `publish` rejects.
   *
   * @defaultValue `10_000`, as de-mls 3.0.0 gives its Waku node
   */
  readonly publishTimeoutMs?: number;
}

/** How a transport with a node of its own is connected. */
export interface NodeConnectionState extends ConnectionState {
  /** Whether connections are made and taken: until `goOffline`, and again from `goOnline` on. */
  readonly isOnline: boolean;
  /** The addresses that are kept connected. */
  readonly dialling: readonly DialledAddress[];
}

/** A {@link GossipsubTransport} that has a node of its own, which `close()` stops. */
export interface GossipsubNodeTransport extends GossipsubTransport {
  /** How the node is connected now, and whether to the addresses that it dials. */
  readonly connection: NodeConnectionState;
  /** The same, and each change of it. Completes with `close()`. */
  readonly connection$: Observable<NodeConnectionState>;
  /**
   * Connects to the member at a multiaddr, and keeps it connected from then on, as the option `dial` does.
   *
   * @throws DemlsError `unreachable` where the first dial fails: the next ones go on; `invalid-address`,
   *   `own-address`, `too-many-addresses`, `offline`, `transport-closed`: nothing is dialled.
   */
  dial(address: string): Promise<void>;
  /**
   * Closes every connection, at once and whatever is under way, takes none and dials none, until `goOnline`. The
   * conversations stay subscribed, and packets published meanwhile wait for a peer as ever.
   */
  goOffline(): void;
  /** Ends {@link GossipsubNodeTransport.goOffline}: dials what is kept connected, and who was connected then. */
  goOnline(): void;
}

/**
 * Starts a libp2p node, and the transport over it. It resolves as soon as the node listens, whether the members in
 * `dial` are there yet or not.
 *
 * @throws DemlsError `invalid-address`, `own-address`, `too-many-addresses`, `invalid-private-key`,
 *   `unknown-framing`, `invalid-publish-timeout`; `cannot-listen` where a port is taken or an address is not this machine's.
 *
 * @example
 * ```ts
 * const transport = await startGossipsub({ clock, random, dial: [address] });
 * console.log(transport.addresses); // for the next one to dial
 * ```
 */
export async function startGossipsub(options: StartGossipsubOptions): Promise<GossipsubNodeTransport> {
  const { clock, random, framing = "plain", listen = DEFAULT_LISTEN, dial = [], privateKey } = options;
  const { peerExchange = true, mdns = false, publishTimeoutMs = DEFAULT_PUBLISH_TIMEOUT_MS } = options;
  requirePublishTimeout(publishTimeoutMs);
  await provideForNode20();
  const onFound = (peer: PeerAnnouncement): void => connections.found(peer);
  const discovery = mdns ? await localDiscovery(onFound) : undefined;
  const own = await createNode({ clock, random, framing, listen, privateKey, discovery });
  const { node } = own;
  const transport = createGossipsubTransport({ node, clock, publishTimeoutMs });
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
    async dial(address) {
      if (closing) throw transportClosed();
      await connections.dial(address);
    },
    goOffline: () => connections.goOffline(),
    goOnline: () => connections.goOnline(),
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  };
}
