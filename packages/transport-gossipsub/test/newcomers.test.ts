import { createVirtualClock } from "@demls/testkit";
import type { Packet } from "@demls/wire/core";
import { filter, firstValueFrom } from "rxjs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createGossipsubTransport, type GossipsubNode } from "../src/index.js";
import type { GossipsubNodeTransport } from "../src/node/index.js";
import { connect, startNode } from "./loopback.js";
import { createGossipsubNetwork, hasMesh, type GossipsubNetwork } from "./network.js";

let network: GossipsubNetwork | undefined;
let nodes: GossipsubNode[] = [];
afterEach(async () => {
  for (const member of network?.members ?? []) await member.close();
  for (const node of nodes) await node.stop();
  network = undefined;
  nodes = [];
});

function packetOf(text: string): Packet {
  const payload = new TextEncoder().encode(text);
  return { payload, subtopic: "app_msg", conversationId: "garden", appId: new Uint8Array(16).fill(7) };
}

/** Packets delivered to a member whose verdict on each marked one is `forged`; `has` resolves with one of them. */
async function listen(member: GossipsubNodeTransport) {
  const packets: Packet[] = [];
  const waiting = new Map<string, () => void>();
  await member.subscribe("garden", (packet) => {
    const text = new TextDecoder().decode(packet.payload);
    packets.push(packet);
    member.noteVerdict?.(packet, text === "forged" ? "forged" : "passed");
    waiting.get(text)?.();
  });
  const has = (text: string): Promise<void> => new Promise((resolve) => waiting.set(text, resolve));
  return { packets, has };
}

describe.each([
  ["plain", ["early!", "after"]],
  ["waku", ["after"]],
] as const)("a new subscriber in the %s framing", (framing, expected) => {
  it(`gets ${expected.join(" and ")}, also through a third member, and no packet twice`, async () => {
    const clock = createVirtualClock();
    network = createGossipsubNetwork(framing, clock);
    const [hub, alice] = [await network.join(), await network.join()];
    const atHub = await listen(hub);
    await alice.subscribe("garden", () => undefined);
    await hasMesh(hub, "garden", 1);
    await alice.publish(packetOf("early!"));

    const bob = await network.join();
    const atBob = await listen(bob);
    const last = atBob.has("after");
    await hasMesh(hub, "garden", 2);
    await hasMesh(bob, "garden", 1);
    await clock.advance(1_500);
    await hub.publish(packetOf("after"));
    await last;
    expect(atBob.packets).toEqual(expected.map(packetOf));
    expect(atHub.packets).toEqual([packetOf("early!")]);
    expect(hub.connection.dropped.echo).toBe(0);
  });
});

describe.each([
  ["plain", 1],
  ["waku", 0],
] as const)("a member in the %s framing", (framing, times) => {
  it(`resends a packet ${times} times to a new subscriber`, async () => {
    const clock = createVirtualClock();
    for (let i = 0; i < 3; i++) nodes.push(await startNode(framing));
    const [aliceNode, bob, carol] = nodes as [GossipsubNode, GossipsubNode, GossipsubNode];
    const alice = createGossipsubTransport({ node: aliceNode, clock });
    await alice.subscribe("garden", () => undefined);
    const [topic = ""] = aliceNode.services.pubsub.getTopics();
    const hasSubscribers = (count: number) =>
      firstValueFrom(alice.connection$.pipe(filter(({ topics }) => topics[0]?.subscribers === count)));
    bob.services.pubsub.subscribe(topic);
    await connect(bob, aliceNode);
    await hasSubscribers(1);
    await alice.publish(packetOf("early!"));

    const publish = vi.spyOn(aliceNode.services.pubsub, "publish");
    carol.services.pubsub.subscribe(topic);
    await connect(carol, aliceNode);
    await hasSubscribers(2);
    await clock.advance(1_500);
    expect(publish).toHaveBeenCalledTimes(times);
  });
});

describe("a forged packet", () => {
  it("is not resent to a new subscriber", async () => {
    const clock = createVirtualClock();
    network = createGossipsubNetwork("plain", clock);
    const [hub, mallory] = [await network.join(), await network.join()];
    const atHub = await listen(hub);
    hub.noteVerdict?.(packetOf("any"), "passed");
    await mallory.subscribe("garden", () => undefined);
    await hasMesh(hub, "garden", 1);
    for (const text of ["forged", "early!"]) {
      const arrived = atHub.has(text);
      await mallory.publish(packetOf(text));
      await arrived;
    }
    await mallory.close();
    await firstValueFrom(hub.connection$.pipe(filter(({ peers }) => peers.length === 0)));

    const bob = await network.join();
    const atBob = await listen(bob);
    const last = atBob.has("after");
    await hasMesh(hub, "garden", 1);
    await hasMesh(bob, "garden", 1);
    await clock.advance(1_500);
    await hub.publish(packetOf("after"));
    await last;
    expect(atBob.packets).toEqual([packetOf("early!"), packetOf("after")]);
  });
});
