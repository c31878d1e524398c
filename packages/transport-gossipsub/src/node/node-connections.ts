import { DemlsError, type Clock, type RandomSource, type Unsubscribe } from "@demls/wire/core";
import type { Libp2pEvents, PeerId } from "@libp2p/interface";
import { CODE_P2P, type Multiaddr } from "@multiformats/multiaddr";
import type { Observable } from "rxjs";
import type { GossipsubNode } from "../gossipsub-transport.js";
import { listenTo } from "../listen-to.js";
import type { ConnectionGate } from "./connection-gate.js";
import type { DialledAddress } from "./dialled-address.js";
import { DiscoveredPeers } from "./discovered-peers.js";
import type { KeptAddress } from "./kept-address.js";
import { KeptAddresses } from "./kept-addresses.js";
import { readKnownPeers, type KnownPeer } from "./known-peer.js";
import { dialAddress, peerIdOf } from "./peer-address.js";
import type { PeerAnnouncement } from "./peer-announcement.js";

/** Dependencies of {@link NodeConnections}. */
export interface NodeConnectionsParts {
  readonly node: GossipsubNode;
  readonly gate: ConnectionGate;
  readonly clock: Clock;
  readonly random: RandomSource;
}

/** Outgoing connections of a node: kept addresses and discovered peers, none while offline. */
export class NodeConnections {
  readonly #node: GossipsubNode;
  readonly #gate: ConnectionGate;
  readonly #kept: KeptAddresses;
  readonly #discovered: DiscoveredPeers;
  readonly #stopListening: readonly Unsubscribe[];
  /** Peers connected when the node went offline. */
  #peersBefore: readonly PeerId[] = [];

  constructor({ node, gate, clock, random }: NodeConnectionsParts) {
    this.#node = node;
    this.#gate = gate;
    this.#kept = new KeptAddresses({
      clock,
      random,
      async dial(address, signal) {
        const { remotePeer } = await node.dial(dialAddress(address), { signal });
        return String(remotePeer);
      },
      isConnected: (peerId) => node.getPeers().some((peer) => String(peer) === peerId),
    });
    this.#discovered = new DiscoveredPeers({ node, clock, random });
    const onNode = listenTo<Libp2pEvents>(node);
    this.#stopListening = [
      onNode("peer:connect", ({ detail }) => {
        this.#kept.noteConnected(String(detail));
        this.#discovered.noteConnected(String(detail));
      }),
      onNode("peer:disconnect", ({ detail }) => {
        this.#kept.noteLost(String(detail));
        this.#discovered.noteLost(String(detail));
      }),
    ];
  }

  get isOnline(): boolean {
    return !this.#gate.isOffline;
  }

  get dialling(): readonly DialledAddress[] {
    return this.#kept.states$.value;
  }

  get dialling$(): Observable<readonly DialledAddress[]> {
    return this.#kept.states$;
  }

  /** Dials addresses and keeps them. @throws the error of the first one, as {@link NodeConnections.dial}, if all fail. */
  async dialAny(addresses: readonly string[]): Promise<void> {
    if (addresses.length === 0) return;
    await Promise.any(addresses.map((text) => this.dial(text))).catch((error: AggregateError) => {
      throw error.errors[0];
    });
  }

  /**
   * Dials an address and keeps it. @throws DemlsError `invalid-address`, `own-address`, `too-many-addresses`; `offline`
   * and `unreachable`, which keep the address.
   */
  async dial(text: string): Promise<void> {
    const kept = this.#keep(text);
    if (this.#gate.isOffline) throw offline();
    await kept.connect().catch((error: unknown) => {
      throw unreachable(text, error);
    });
  }

  /**
   * Keeps addresses connected without waiting for dials. @throws as {@link NodeConnections.dial}, before the first
   * dial.
   */
  keep(addresses: readonly string[]): void {
    addresses.forEach((text) => this.#keep(text));
    this.#kept.connect();
  }

  /** Dials peers of an earlier run. @throws DemlsError `invalid-address`, `too-many-addresses`, before the first dial. */
  know(peers: readonly KnownPeer[]): void {
    for (const peer of readKnownPeers(peers)) this.#discovered.know(peer);
  }

  /** A peer's addresses were discovered. */
  found(announcement: PeerAnnouncement): void {
    if (!this.#gate.isOffline) this.#discovered.found(announcement);
  }

  goOffline(): void {
    if (this.#gate.isOffline) return;
    this.#gate.isOffline = true;
    this.#peersBefore = this.#node.getPeers();
    this.#kept.stop();
    this.#discovered.stop();
    for (const connection of this.#node.getConnections())
      connection.abort(new Error("The node goes offline."));
  }

  goOnline(): void {
    if (!this.#gate.isOffline) return;
    this.#gate.isOffline = false;
    this.#kept.connect();
    this.#discovered.connect();
    // A failed redial needs no retry: members of a conversation dial each other.
    for (const peer of this.#peersBefore) this.#node.dial(peer).catch(() => undefined);
    this.#peersBefore = [];
  }

  close(): void {
    for (const stop of this.#stopListening) stop();
    this.#kept.stop();
    this.#discovered.stop();
    this.#kept.states$.complete();
  }

  #keep(text: string): KeptAddress {
    const address = dialAddress(text);
    if (this.#isOwn(address)) throw ownAddress(text);
    return this.#kept.keep(text, peerIdOf(address));
  }

  #isOwn(address: Multiaddr): boolean {
    const peerId = peerIdOf(address);
    if (peerId !== undefined) return peerId === String(this.#node.peerId);
    return this.#node.getMultiaddrs().some((own) => own.decapsulateCode(CODE_P2P).equals(address));
  }
}

function ownAddress(address: string): DemlsError<"own-address"> {
  return new DemlsError("own-address", {
    message: `${address} is this node's own address.`,
    field: "dial",
    remedy: "Pass another member's address.",
  });
}

function offline(): DemlsError<"offline"> {
  return new DemlsError("offline", {
    message: "The node is offline.",
    remedy: "Call goOnline, which dials the address.",
  });
}

function unreachable(address: string, cause: unknown): DemlsError<"unreachable"> {
  return new DemlsError("unreachable", {
    message: `${address} is unreachable: ${cause instanceof Error ? cause.message : String(cause)}`,
    field: "dial",
    remedy: "Check the address. Dials go on until the transport is closed; see `connection.dialling`.",
    cause,
  });
}
