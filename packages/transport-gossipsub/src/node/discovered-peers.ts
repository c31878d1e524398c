import type { Clock, RandomSource } from "@demls/wire/core";
import { CODE_P2P, multiaddr, type Multiaddr } from "@multiformats/multiaddr";
import type { GossipsubNode } from "../gossipsub-transport.js";
import { RecentMap } from "../recent-map.js";
import { KeptAddress } from "./kept-address.js";
import type { PeerAnnouncement } from "./peer-announcement.js";
import { isDialable } from "./peer-address.js";

/** Discovery makes no more connections where the node has so many peers. */
const MAX_PEERS = 16;

/** After so many dials that failed a discovered peer is forgotten, until it is announced again. */
const MAX_FAILURES = 4;

/** Peers that are remembered as heard of. */
const MAX_HEARD = 256;

interface Discovered {
  addresses: readonly Multiaddr[];
  readonly kept: KeptAddress;
}

/** What {@link DiscoveredPeers} works with. */
export interface DiscoveredPeersParts {
  readonly node: Pick<GossipsubNode, "peerId" | "getPeers" | "dial">;
  readonly clock: Clock;
  readonly random: RandomSource;
}

/** Peers that were not asked for by address, but found: dialled, and kept connected until they seem to be gone. */
export class DiscoveredPeers {
  readonly #parts: DiscoveredPeersParts;
  readonly #peers = new Map<string, Discovered>();
  readonly #heard = new RecentMap<string, true>(MAX_HEARD);

  constructor(parts: DiscoveredPeersParts) {
    this.#parts = parts;
  }

  /** Dials a peer, where it is not connected and there is room. */
  found({ peerId, addresses }: PeerAnnouncement): void {
    const { node } = this.#parts;
    const id = String(peerId);
    const known = this.#peers.get(id);
    const dialable = addresses.filter(isDialable).map((address) => withPeerId(address, id));
    if (known) known.addresses = dialable;
    const isNeeded = !known && dialable.length > 0 && !node.peerId.equals(peerId) && this.#hasRoom(id);
    if (!isNeeded) return;
    // Two who hear of each other would connect twice: the greater id waits until it hears of the other again.
    const isNew = !this.#heard.has(id);
    this.#heard.set(id, true);
    if (isNew && String(node.peerId) > id) return;
    this.#keep(id, dialable);
  }

  noteConnected(peerId: string): void {
    this.#peers.get(peerId)?.kept.noteConnected(peerId);
  }

  noteLost(peerId: string): void {
    this.#peers.get(peerId)?.kept.noteLost(peerId);
  }

  /** Dials each now that is not connected. */
  connect(): void {
    for (const { kept } of this.#peers.values()) kept.connect().catch(() => undefined);
  }

  /** Dials none until {@link DiscoveredPeers.connect} is called. */
  stop(): void {
    for (const { kept } of this.#peers.values()) kept.stop();
  }

  #hasRoom(peerId: string): boolean {
    const peers = this.#parts.node.getPeers().map(String);
    return this.#peers.size < MAX_PEERS && peers.length < MAX_PEERS && !peers.includes(peerId);
  }

  #keep(peerId: string, addresses: readonly Multiaddr[]): void {
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
        if (kept.view.failures < MAX_FAILURES) return;
        this.#peers.delete(peerId);
        kept.stop();
      },
    );
    const discovered: Discovered = { addresses, kept };
    this.#peers.set(peerId, discovered);
    kept.connect().catch(() => undefined);
  }
}

/** The address as that of this peer and no other, so that nobody else is taken for it. */
function withPeerId(address: Multiaddr, peerId: string): Multiaddr {
  return multiaddr(`${String(address.decapsulateCode(CODE_P2P))}/p2p/${peerId}`);
}
