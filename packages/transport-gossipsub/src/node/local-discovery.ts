import type { PeerDiscovery, PeerInfo } from "@libp2p/interface";
import type { MulticastDNSComponents } from "@libp2p/mdns";
import type { PeerAnnouncement } from "./peer-announcement.js";

/** DNS-SD name of de-MLS nodes, which separates them from other programs. */
const SERVICE = "_demls._udp.local";

/** Interval of mDNS queries, in ms. */
const ASK_EVERY_MS = 10_000;

/** Creates the discovery service of a node. */
export type LocalDiscovery = (components: MulticastDNSComponents) => PeerDiscovery;

/** Finds de-MLS nodes on the local network by multicast DNS (RFC 6762), and announces this one. */
export async function localDiscovery(onFound: (peer: PeerAnnouncement) => void): Promise<LocalDiscovery> {
  // Loaded on demand, because it includes libraries for UDP sockets.
  const { mdns } = await import("@libp2p/mdns");
  const create = mdns({ serviceTag: SERVICE, interval: ASK_EVERY_MS });
  return (components) => {
    const discovery = create(components);
    discovery.addEventListener("peer", ({ detail }: CustomEvent<PeerInfo>) =>
      onFound({ peerId: detail.id, addresses: detail.multiaddrs }),
    );
    return discovery;
  };
}
