import { createSeededRandom, createVirtualClock, type VirtualClock } from "@demls/testkit";
import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import type { Connection, PeerId } from "@libp2p/interface";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { multiaddr } from "@multiformats/multiaddr";
import { beforeEach, describe, expect, it } from "vitest";
import { DiscoveredPeers } from "../src/node/discovered-peers.js";

const ids = await Promise.all(
  Array.from({ length: 24 }, async (_, seed) =>
    peerIdFromPrivateKey(await generateKeyPairFromSeed("Ed25519", new Uint8Array(32).fill(seed))),
  ),
);
const [self, ...others] = ids.sort((a, b) => (String(a) < String(b) ? -1 : 1)) as [PeerId, ...PeerId[]];
const [bob] = others as [PeerId, ...PeerId[]];
const addresses = [multiaddr("/ip4/192.0.2.1/tcp/4001")];

let clock: VirtualClock;
let connected: Set<PeerId>;
let dialled: string[];
let isAnswered: boolean;

beforeEach(() => {
  clock = createVirtualClock();
  connected = new Set();
  dialled = [];
  isAnswered = true;
});

function peersOf(peerId: PeerId): DiscoveredPeers {
  const node = {
    peerId,
    getPeers: () => [...connected],
    dial(target: unknown) {
      dialled.push(String(target));
      const to = ids.find((id) => String(target).endsWith(String(id)));
      if (!isAnswered || to === undefined) return Promise.reject(new Error("refused"));
      connected.add(to);
      return Promise.resolve({ remotePeer: to } as Connection);
    },
  };
  return new DiscoveredPeers({ node, clock, random: createSeededRandom("discovered") });
}

describe("An announced peer", () => {
  it("is dialled at its address with its peer id", () => {
    peersOf(self).found({
      peerId: bob,
      addresses: [multiaddr(`/ip4/192.0.2.1/tcp/4001/p2p/${String(self)}`)],
    });
    expect(dialled).toEqual([`/ip4/192.0.2.1/tcp/4001/p2p/${String(bob)}`]);
  });

  it("is not dialled if it is connected, is the node itself, or has no usable address", () => {
    const peers = peersOf(self);
    connected.add(bob);
    peers.found({ peerId: bob, addresses });
    peers.found({ peerId: self, addresses });
    connected.clear();
    peers.found({ peerId: bob, addresses: [multiaddr("/ip4/192.0.2.1/udp/4001/quic-v1")] });
    expect(dialled).toEqual([]);
  });

  it("is dialled by one of two peers that discover each other, and by the other at the second announcement", () => {
    const peers = peersOf(bob);
    peers.found({ peerId: self, addresses });
    expect(dialled).toEqual([]);
    peers.found({ peerId: self, addresses });
    expect(dialled).toHaveLength(1);
  });

  it("is dialled while fewer than sixteen peers are connected", async () => {
    const peers = peersOf(self);
    for (const peerId of others) peers.found({ peerId, addresses });
    expect(dialled).toHaveLength(16);
    await clock.advance(0);
    expect(connected.size).toBe(16);
  });

  it("is dialled again when lost, and forgotten after the fourth failure", async () => {
    const peers = peersOf(self);
    peers.found({ peerId: bob, addresses });
    await clock.advance(10_000);
    connected.clear();
    isAnswered = false;
    peers.noteLost(String(bob));
    await clock.advance(600_000);
    expect(dialled).toHaveLength(4);
    expect(clock.nextWakeMs()).toBeUndefined();
    peers.found({ peerId: bob, addresses });
    expect(dialled).toHaveLength(5);
  });

  it("is dialled at its latest announced address", async () => {
    const peers = peersOf(self);
    peers.found({ peerId: bob, addresses });
    await clock.advance(10_000);
    peers.found({ peerId: bob, addresses: [multiaddr("/ip4/192.0.2.2/tcp/4001")] });
    connected.clear();
    peers.noteLost(String(bob));
    await clock.advance(500);
    expect(dialled[1]).toBe(`/ip4/192.0.2.2/tcp/4001/p2p/${String(bob)}`);
  });

  it("is not dialled while dialling is stopped", async () => {
    const peers = peersOf(self);
    peers.found({ peerId: bob, addresses });
    await clock.advance(0);
    peers.stop();
    connected.clear();
    peers.noteLost(String(bob));
    await clock.advance(60_000);
    expect(dialled).toHaveLength(1);
    peers.connect();
    expect(dialled).toHaveLength(2);
  });
});

describe("A peer known from an earlier run", () => {
  it("is dialled until it answers, however often that fails", async () => {
    const peers = peersOf(self);
    isAnswered = false;
    peers.know({ peerId: bob, addresses });
    await clock.advance(600_000);
    expect(dialled.length).toBeGreaterThan(20);
    isAnswered = true;
    await clock.advance(30_000);
    expect(connected).toEqual(new Set([bob]));
  });

  it("is dialled at the address that it announces later", async () => {
    const peers = peersOf(self);
    isAnswered = false;
    peers.know({ peerId: bob, addresses });
    peers.found({ peerId: bob, addresses: [multiaddr("/ip4/192.0.2.2/tcp/4001")] });
    await clock.advance(600);
    expect(dialled[1]).toBe(`/ip4/192.0.2.2/tcp/4001/p2p/${String(bob)}`);
  });

  it("takes no place of a discovered one", () => {
    const peers = peersOf(self);
    isAnswered = false;
    for (const peerId of others.slice(0, 16)) peers.know({ peerId, addresses });
    const [stranger] = others.slice(16) as [PeerId];
    peers.found({ peerId: stranger, addresses });
    expect(dialled).toHaveLength(17);
  });

  it("is not dialled if it is the node itself", () => {
    peersOf(self).know({ peerId: self, addresses });
    expect(dialled).toEqual([]);
  });
});
