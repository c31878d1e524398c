import { createSeededRandom, createVirtualClock } from "@demls/testkit";
import type { Clock, Packet } from "@demls/wire/core";
import { filter, firstValueFrom } from "rxjs";
import { afterEach, describe, expect, it } from "vitest";
import {
  startGossipsub,
  type GossipsubNodeTransport,
  type StartGossipsubOptions,
} from "../src/node/index.js";
import { hasMesh, platformClock } from "./network.js";

const random = createSeededRandom("exchange");
const started: GossipsubNodeTransport[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((member) => member.close()));
});

async function join(
  options: Partial<StartGossipsubOptions> & { clock: Clock },
): Promise<GossipsubNodeTransport> {
  const member = await startGossipsub({ random, ...options });
  started.push(member);
  await member.subscribe("garden", () => undefined);
  return member;
}

async function hasSubscribers(member: GossipsubNodeTransport, count: number): Promise<void> {
  await firstValueFrom(
    member.connection$.pipe(filter(({ topics }) => topics.some(({ subscribers }) => subscribers === count))),
  );
}

async function hasPeers(member: GossipsubNodeTransport, count: number): Promise<void> {
  await firstValueFrom(member.connection$.pipe(filter(({ peers }) => peers.length === count)));
}

const PACKET: Packet = {
  payload: Uint8Array.of(1, 2, 3),
  subtopic: "app_msg",
  conversationId: "garden",
  appId: new Uint8Array(16).fill(7),
};

describe.each(["plain", "waku"] as const)("Members in the %s framing that dialled one peer", (framing) => {
  it("stay connected with each other when it leaves", async () => {
    const hub = await join({ clock: platformClock, framing });
    const dial = hub.addresses;
    const members = [];
    for (let count = 0; count < 3; count += 1)
      members.push(await join({ clock: platformClock, framing, dial }));
    for (const member of members) await hasPeers(member, 3);
    await hub.close();
    const [alice, ...others] = members as [GossipsubNodeTransport, ...GossipsubNodeTransport[]];
    await hasPeers(alice, 2);
    const heard = others.map((member) => new Promise((resolve) => void member.subscribe("garden", resolve)));
    await hasMesh(alice, "garden", 2);
    await alice.publish(PACKET);
    expect(await Promise.all(heard)).toEqual([PACKET, PACKET]);
  });
});

describe("Members that have known each other through one peer", () => {
  it("find each other after a restart without it", async () => {
    const hub = await join({ clock: platformClock });
    const [alicesKey, bobsKey] = [random.bytes(32), random.bytes(32)];
    const dial = hub.addresses;
    const alice = await join({ clock: platformClock, dial, privateKey: alicesKey });
    const bob = await join({ clock: platformClock, dial, privateKey: bobsKey });
    await hasSubscribers(alice, 2);
    const knownPeers = await alice.knownPeers("garden");
    expect(new Set(knownPeers.map(({ peerId }) => peerId))).toEqual(new Set([hub.peerId, bob.peerId]));
    expect(knownPeers.find(({ peerId }) => peerId === bob.peerId)?.addresses).toEqual(bob.addresses);
    expect(await alice.knownPeers("orchard")).toEqual([]);
    const listen = bob.addresses.map((address) => address.replace(/\/p2p\/.*/u, ""));
    await Promise.all([hub.close(), alice.close(), bob.close()]);

    const again = await join({ clock: platformClock, privateKey: alicesKey, knownPeers });
    expect(again.connection.dialling).toEqual([]);
    await join({ clock: platformClock, privateKey: bobsKey, listen });
    await hasPeers(again, 1);
    expect(again.connection.peers).toEqual([bob.peerId]);
  });
});

describe("Members without peer exchange", () => {
  it("know only the peer they dialled", async () => {
    const clock = createVirtualClock();
    const hub = await join({ clock, peerExchange: false });
    const dial = hub.addresses;
    const [alice, bob] = [
      await join({ clock, peerExchange: false, dial }),
      await join({ clock, peerExchange: false, dial }),
    ];
    const heard = new Promise((resolve) => void bob.subscribe("garden", resolve));
    await hasMesh(hub, "garden", 2);
    await clock.advance(60_000);
    await alice.publish(PACKET);
    expect(await heard).toEqual(PACKET);
    expect(alice.connection.peers).toEqual([hub.peerId]);
    expect(bob.connection.peers).toEqual([hub.peerId]);
  });
});
