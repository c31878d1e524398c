import { createVirtualClock } from "@demls/testkit";
import type { Packet } from "@demls/wire/core";
import { afterEach, expect, it } from "vitest";
import { createGossipsubNetwork, hasMesh, type GossipsubNetwork } from "./network.js";

let network: GossipsubNetwork;
afterEach(async () => {
  for (const member of network.members) await member.close();
});

function packetOf(text: string): Packet {
  const payload = new TextEncoder().encode(text);
  return { payload, subtopic: "app_msg", conversationId: "garden", appId: new Uint8Array(16).fill(7) };
}

it("a newcomer gets what was sent lately, also by way of a third, and nobody gets it twice", async () => {
  const clock = createVirtualClock();
  network = createGossipsubNetwork("plain", clock);
  const [hub, alice] = [await network.join(), await network.join()];
  const atHub: Packet[] = [];
  await hub.subscribe("garden", (packet) => atHub.push(packet));
  await alice.subscribe("garden", () => undefined);
  await hasMesh(hub, "garden", 1);
  await alice.publish(packetOf("early!"));

  const bob = await network.join();
  const atBob: Packet[] = [];
  const last = new Promise((resolve) => {
    void bob.subscribe("garden", (packet) => {
      atBob.push(packet);
      if (packet.payload.length === "after".length) resolve(packet);
    });
  });
  await hasMesh(hub, "garden", 2);
  await clock.advance(1_500);
  await hub.publish(packetOf("after"));
  await last;
  expect(atBob).toEqual([packetOf("early!"), packetOf("after")]);
  expect(atHub).toEqual([packetOf("early!")]);
  expect(hub.connection.dropped.echo).toBe(0);
});
