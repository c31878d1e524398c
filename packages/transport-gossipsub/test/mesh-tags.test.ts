import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import type { GossipSubComponents } from "@libp2p/gossipsub";
import { peerIdFromPrivateKey, peerIdFromString } from "@libp2p/peer-id";
import { beforeEach, describe, expect, it } from "vitest";
import { tagMeshPeers, type MeshGossipSub } from "../src/mesh-tags.js";

const [BOB = "", CAROL = ""] = await Promise.all(
  [2, 3].map(async (seed) => {
    const key = await generateKeyPairFromSeed("Ed25519", new Uint8Array(32).fill(seed));
    return String(peerIdFromPrivateKey(key));
  }),
);

let meshes: Map<string, string[]>;
let peers: string[];
let service: MeshGossipSub;
/** The written values: undefined removes the tag. */
let written: (number | undefined)[];

beforeEach(() => {
  meshes = new Map();
  peers = [BOB];
  written = [];
  service = Object.assign(new EventTarget(), {
    getPeers: () => peers.map((peer) => peerIdFromString(peer)),
    getTopics: () => [...meshes.keys()],
    getMeshPeers: (topic: string) => meshes.get(topic) ?? [],
  }) as unknown as MeshGossipSub;
  tagMeshPeers(service, {
    merge: (_peer: unknown, { tags }: { tags: Record<string, { value: number } | undefined> }) => {
      written.push(tags["demls-mesh"]?.value);
      return Promise.resolve();
    },
  } as unknown as GossipSubComponents["peerStore"]);
});

function graft(topic: string, peerId = BOB): void {
  meshes.set(topic, [peerId]);
  service.dispatchEvent(new CustomEvent("gossipsub:graft", { detail: { peerId, topic } }));
}

function prune(topic: string): void {
  meshes.set(topic, []);
  service.dispatchEvent(new CustomEvent("gossipsub:prune", { detail: { peerId: BOB, topic } }));
}

describe("a peer of a mesh", () => {
  it("is tagged once, however many topics it shares", () => {
    for (const topic of ["a", "b", "c"]) graft(topic);
    expect(written).toEqual([100]);
  });

  it("loses its tag with its last mesh", () => {
    for (const topic of ["a", "b"]) graft(topic);
    prune("a");
    expect(written).toEqual([100]);
    prune("b");
    expect(written).toEqual([100, undefined]);
  });

  it("is tagged again when it returns, having left without being pruned", () => {
    graft("a");
    meshes.clear();
    peers = [CAROL];
    graft("b", CAROL);
    peers = [BOB, CAROL];
    graft("a");
    expect(written).toEqual([100, 100, 100]);
  });
});
