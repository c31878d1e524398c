import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createVirtualClock } from "@demls/testkit";
import type { Packet } from "@demls/wire/core";
import { afterEach, describe, expect, it } from "vitest";
import { createGossipsubNetwork, hasMesh, type GossipsubNetwork } from "./network.js";

/** Together several times the window of a stream. */
const PACKET_BYTES = 50_000;
const PACKETS = 20;

let network: GossipsubNetwork;
afterEach(async () => {
  for (const member of network.members) await member.close();
});

function packet(first: number): Packet {
  const payload = new Uint8Array(PACKET_BYTES).fill(first);
  return { payload, subtopic: "app_msg", conversationId: "garden", appId: new Uint8Array(16).fill(7) };
}

describe.each(["plain", "waku"] as const)("A member in the %s framing that leaves", (framing) => {
  it("delivers all its packets first, however many are unsent", async () => {
    // Time stands still: reading all matters, not how soon.
    network = createGossipsubNetwork(framing, createVirtualClock());
    const [hub, alice] = [await network.join(), await network.join()];
    const heard: number[] = [];
    const all = new Promise<void>((resolve) => {
      void hub.subscribe("garden", ({ payload: [first = -1] }) => {
        if (heard.push(first) === PACKETS) resolve();
      });
    });
    await alice.subscribe("garden", () => undefined);
    await hasMesh(alice, "garden", 1);
    for (let index = 0; index < PACKETS; index += 1) await alice.publish(packet(index));
    await alice.close();
    await all;
    expect(heard).toEqual(Array.from({ length: PACKETS }, (_, index) => index));
  });
});

describe("A process that closes its transport", () => {
  it("ends by itself after its last packet has arrived", async () => {
    network = createGossipsubNetwork("plain");
    const hub = await network.join();
    const heard = new Promise<Packet>((resolve) => void hub.subscribe("garden", resolve));
    const script = fileURLToPath(new URL("leaving-process.mjs", import.meta.url));
    const child = spawn(process.execPath, [script, hub.addresses[0] ?? ""], { stdio: "inherit" });
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(new TextDecoder().decode((await heard).payload)).toBe("goodbye");
  });
});
