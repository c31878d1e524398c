import type { PeerDiscovery, PeerInfo } from "@libp2p/interface";
import type { MulticastDNSComponents } from "@libp2p/mdns";
import type { PeerAnnouncement } from "./peer-announcement.js";

/** The DNS-SD name of de-MLS nodes: those of other programs are not found, nor do they find these. */
const SERVICE = "_demls._udp.local";

/** How often the local network is asked who is there, in ms. */
const ASK_EVERY_MS = 10_000;

/** Makes the discovery for a node. */
export type LocalDiscovery = (components: MulticastDNSComponents) => PeerDiscovery;

/** Finds de-MLS nodes on the local network by multicast DNS (RFC 6762), and is found there itself. */
export async function localDiscovery(onFound: (peer: PeerAnnouncement) => void): Promise<LocalDiscovery> {
  // Loaded only where it is asked for: it is a UDP socket and the libraries for it.
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
