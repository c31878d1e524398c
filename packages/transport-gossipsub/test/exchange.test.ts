import type { Packet } from "@demls/wire/core";
import { afterEach, describe, expect, it } from "vitest";
import { createGossipsubNetwork, hasMesh, type GossipsubNetwork } from "./network.js";

let network: GossipsubNetwork | undefined;
afterEach(async () => {
  for (const member of network?.members ?? []) await member.close();
});

describe.each(["plain", "waku"] as const)("members over gossipsub in the %s framing", (framing) => {
  it("receive each other's packets, also through a third member", async () => {
    network = createGossipsubNetwork(framing);
    const [alice, bob, carol] = [await network.join(), await network.join(), await network.join()];
    await alice.subscribe("garden", () => undefined);
    const atCarol = new Promise<Packet>((resolve) => void carol.subscribe("garden", resolve));
    await bob.subscribe("garden", () => undefined);
    const [hub] = network.members;
    if (hub) await hasMesh(hub, "garden", 2);
    const sent: Packet = {
      payload: Uint8Array.of(0, 1, 2, 255),
      subtopic: "app_msg",
      conversationId: "garden",
      appId: new Uint8Array(16).fill(7),
    };
    await bob.publish(sent);
    expect(await atCarol).toEqual(sent);
  });
});
