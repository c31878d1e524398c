import type { GossipSub, GossipSubEvents, GossipSubComponents } from "@libp2p/gossipsub";
import { peerIdFromString } from "@libp2p/peer-id";
import { listenTo } from "./listen-to.js";

/** Tag of a peer in a mesh. */
const TAG = "demls-mesh";

/** Value of the tag. Above its connection limit, libp2p first closes connections to peers with the lowest values. */
const VALUE = 100;

/** Members of gossipsub's class that its interface lacks. */
export type MeshGossipSub = GossipSub & { getMeshPeers(topic: string): string[] };

/**
 * Tags each peer in gossipsub's meshes, so that libp2p keeps its connections; one tag per peer. gossipsub's option
 * `tagMeshPeers` has one tag per topic, and rewrites all tags of a peer for each change. With a peer that shares a
 * thousand conversations, that takes a minute of CPU time.
 */
export function tagMeshPeers(service: MeshGossipSub, peerStore: GossipSubComponents["peerStore"]): void {
  const tagged = new Set<string>();
  const onPubsub = listenTo<GossipSubEvents>(service);

  function write(peerId: string, tag: { readonly value: number } | undefined): void {
    // A peer forgotten meanwhile needs no tag.
    peerStore.merge(peerIdFromString(peerId), { tags: { [TAG]: tag } }).catch(() => undefined);
  }

  /** Peers that disconnect are not pruned from a mesh, so their tag stays, as gossipsub's would. */
  function forgetLeavers(): void {
    const peers = new Set(service.getPeers().map(String));
    for (const peerId of tagged) if (!peers.has(peerId)) tagged.delete(peerId);
  }

  onPubsub("gossipsub:graft", ({ detail: { peerId } }) => {
    if (tagged.has(peerId)) return;
    forgetLeavers();
    tagged.add(peerId);
    write(peerId, { value: VALUE });
  });
  onPubsub("gossipsub:prune", ({ detail: { peerId } }) => {
    if (!tagged.has(peerId)) return;
    if (service.getTopics().some((topic) => service.getMeshPeers(topic).includes(peerId))) return;
    tagged.delete(peerId);
    write(peerId, undefined);
  });
}
