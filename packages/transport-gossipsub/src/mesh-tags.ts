import type { GossipSub, GossipSubEvents, GossipSubComponents } from "@libp2p/gossipsub";
import { peerIdFromString } from "@libp2p/peer-id";
import { listenTo } from "./listen-to.js";

/** The tag of a peer that messages are exchanged with. */
const TAG = "demls-mesh";

/** Where a node has too many connections, libp2p first closes those with peers whose tags have the least value. */
const VALUE = 100;

/** What gossipsub's class has, and its interface has not. */
export type MeshGossipSub = GossipSub & { getMeshPeers(topic: string): string[] };

/**
 * Tags the peers of gossipsub's meshes for libp2p, each once. gossipsub's own option `tagMeshPeers` has a tag for each
 * topic, and writes all of a peer's anew with each: with a peer that shares a thousand conversations that takes a minute
 * of a processor's time.
 */
export function tagMeshPeers(service: MeshGossipSub, peerStore: GossipSubComponents["peerStore"]): void {
  const tagged = new Set<string>();
  const onPubsub = listenTo<GossipSubEvents>(service);

  function write(peerId: string, tag: { readonly value: number } | undefined): void {
    // A peer that is forgotten meanwhile needs no tag.
    peerStore.merge(peerIdFromString(peerId), { tags: { [TAG]: tag } }).catch(() => undefined);
  }

  /** Those who have left were pruned from no mesh. Their tag stays, as gossipsub's would. */
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
