import { DemlsError } from "@demls/wire/core";
import { peerIdFromString } from "@libp2p/peer-id";
import type { GossipsubNode } from "../gossipsub-transport.js";
import { isDialable, knownAddress, withPeerId } from "./peer-address.js";
import type { PeerAnnouncement } from "./peer-announcement.js";

/** A peer and where it listens, to find it again after a restart. */
export interface KnownPeer {
  readonly peerId: string;
  /** Multiaddrs that end in the peer id, at most eight. */
  readonly addresses: readonly string[];
}

/** Maximum number of known peers that a node dials. */
const MAX_KNOWN_PEERS = 16;

/** Maximum addresses of a known peer: a hostile one lists as many as it likes. */
const MAX_ADDRESSES = 8;

/** The connected subscribers of a topic that tell an address to dial. Each told its own, over its connection. */
export async function knownPeersOf(node: GossipsubNode, topic: string): Promise<readonly KnownPeer[]> {
  const subscribers = new Set(node.services.pubsub.getSubscribers(topic).map(String));
  const connected = node.getPeers().filter((peer) => subscribers.has(String(peer)));
  const peers = await Promise.all(
    connected.map(async (peer) => {
      const peerId = String(peer);
      // A peer that has just been lost may be forgotten.
      const { addresses } = await node.peerStore.get(peer).catch(() => ({ addresses: [] }));
      const dialable = addresses.map(({ multiaddr }) => multiaddr).filter(isDialable);
      return {
        peerId,
        addresses: dialable.slice(0, MAX_ADDRESSES).map((to) => String(withPeerId(to, peerId))),
      };
    }),
  );
  return peers.filter(({ addresses }) => addresses.length > 0);
}

/** Parses known peers. @throws DemlsError `invalid-address`, `too-many-addresses` */
export function readKnownPeers(peers: readonly KnownPeer[]): readonly PeerAnnouncement[] {
  if (peers.length > MAX_KNOWN_PEERS) throw tooManyKnownPeers();
  return peers.map(({ peerId, addresses }) => ({
    peerId: readPeerId(peerId),
    addresses: addresses.slice(0, MAX_ADDRESSES).map(knownAddress),
  }));
}

function readPeerId(text: string): PeerAnnouncement["peerId"] {
  try {
    return peerIdFromString(text);
  } catch {
    throw new DemlsError("invalid-address", {
      message: `${JSON.stringify(text)} is not a peer id.`,
      field: "knownPeers",
      remedy: "Pass peers that `knownPeers` of an earlier transport has returned.",
    });
  }
}

function tooManyKnownPeers(): DemlsError<"too-many-addresses"> {
  return new DemlsError("too-many-addresses", {
    message: `More than ${MAX_KNOWN_PEERS} known peers were given.`,
    field: "knownPeers",
    remedy: "Pass those that were connected last: a few connect to all.",
  });
}
