import type { Clock, RandomSource } from "@demls/wire/core";
import type { Multiaddr } from "@multiformats/multiaddr";
import type { GossipsubNode } from "../gossipsub-transport.js";
import { RecentMap } from "../recent-map.js";
import { KeptAddress } from "./kept-address.js";
import type { PeerAnnouncement } from "./peer-announcement.js";
import { isDialable, withPeerId } from "./peer-address.js";

/** Number of connected peers at which discovery stops dialling. */
const MAX_PEERS = 16;

/** Failed dials after which a discovered peer is forgotten until its next announcement. */
const MAX_FAILURES = 4;

/** Maximum number of remembered discovered peers. */
const MAX_HEARD = 256;

interface Discovered {
  addresses: readonly Multiaddr[];
  /** Known from an earlier run. */
  readonly isKnown: boolean;
  readonly kept: KeptAddress;
}

/** Dependencies of {@link DiscoveredPeers}. */
export interface DiscoveredPeersParts {
  readonly node: Pick<GossipsubNode, "peerId" | "getPeers" | "dial">;
  readonly clock: Clock;
  readonly random: RandomSource;
}

/**
 * Discovered peers, which are dialled and kept connected. Unlike given addresses, they are forgotten after repeated
 * failures, unless they are known from an earlier run.
 */
export class DiscoveredPeers {
  readonly #parts: DiscoveredPeersParts;
  readonly #peers = new Map<string, Discovered>();
  readonly #heard = new RecentMap<string, true>(MAX_HEARD);

  constructor(parts: DiscoveredPeersParts) {
    this.#parts = parts;
  }

  /** Dials a peer if it is not connected and there is room. */
  found({ peerId, addresses }: PeerAnnouncement): void {
    const { node } = this.#parts;
    const id = String(peerId);
    const known = this.#peers.get(id);
    const dialable = addresses.filter(isDialable).map((address) => withPeerId(address, id));
    if (known) known.addresses = dialable;
    const isNeeded = !known && dialable.length > 0 && !node.peerId.equals(peerId) && this.#hasRoom(id);
    if (!isNeeded) return;
    // Two peers that discover each other would connect twice. So the one with the greater id waits for a second
    // announcement.
    const isNew = !this.#heard.has(id);
    this.#heard.set(id, true);
    if (isNew && String(node.peerId) > id) return;
    this.#keep(id, dialable, false);
  }

  /**
   * Dials a peer that an earlier run has known, however often that fails: it may start later than this node, and may be
   * unable to connect by itself.
   */
  know({ peerId, addresses }: PeerAnnouncement): void {
    const id = String(peerId);
    if (this.#peers.has(id) || this.#parts.node.peerId.equals(peerId)) return;
    const usable = addresses.map((address) => withPeerId(address, id));
    this.#keep(id, usable, true);
  }

  noteConnected(peerId: string): void {
    this.#peers.get(peerId)?.kept.noteConnected(peerId);
  }

  noteLost(peerId: string): void {
    this.#peers.get(peerId)?.kept.noteLost(peerId);
  }

  /** Dials each peer that is not connected. */
  connect(): void {
    for (const { kept } of this.#peers.values()) kept.connect().catch(() => undefined);
  }

  /** Stops dialling until {@link DiscoveredPeers.connect} is called. */
  stop(): void {
    for (const { kept } of this.#peers.values()) kept.stop();
  }

  #hasRoom(peerId: string): boolean {
    const peers = this.#parts.node.getPeers().map(String);
    // Known peers may all be gone for good.
    const discovered = [...this.#peers.values()].filter(({ isKnown }) => !isKnown).length;
    return discovered < MAX_PEERS && peers.length < MAX_PEERS && !peers.includes(peerId);
  }

  #keep(peerId: string, addresses: readonly Multiaddr[], isKnown: boolean): void {
    const { node, clock, random } = this.#parts;
    const kept: KeptAddress = new KeptAddress(
      peerId,
      peerId,
      {
        clock,
        random,
        async dial(_, signal) {
          await node.dial([...discovered.addresses], { signal });
          return peerId;
        },
        isConnected: () => node.getPeers().some((peer) => String(peer) === peerId),
      },
      () => {
        if (isKnown || kept.view.failures < MAX_FAILURES) return;
        this.#peers.delete(peerId);
        kept.stop();
      },
    );
    const discovered: Discovered = { addresses, isKnown, kept };
    this.#peers.set(peerId, discovered);
    kept.connect().catch(() => undefined);
  }
}
