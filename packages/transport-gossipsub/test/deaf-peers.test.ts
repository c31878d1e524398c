import { createSeededRandom } from "@demls/testkit";
import type { Packet } from "@demls/wire/core";
import { filter, firstValueFrom } from "rxjs";
import { expect, it, onTestFinished } from "vitest";
import { createGossipsubTransport } from "../src/index.js";
import { startGossipsub } from "../src/node/index.js";
import { startNode } from "./loopback.js";
import { hasMesh, platformClock as clock } from "./network.js";

it("A peer that closes the stream for messages to it is reconnected and receives later messages", async () => {
  const random = createSeededRandom("deaf");
  const node = await startNode("plain");
  onTestFinished(() => node.stop());
  const atPeer = createGossipsubTransport({ node, clock });
  const heard = new Promise<Packet>((resolve) => void atPeer.subscribe("garden", resolve));
  const alice = await startGossipsub({ clock, random, dial: atPeer.addresses });
  onTestFinished(() => alice.close());
  await alice.subscribe("garden", () => undefined);
  await hasMesh(alice, "garden", 1);

  const isParted = firstValueFrom(alice.connection$.pipe(filter(({ peers }) => peers.length === 0)));
  const { protocols } = node.services.pubsub;
  for (const stream of node.getConnections().flatMap(({ streams }) => streams))
    if (stream.direction === "inbound" && protocols.includes(stream.protocol)) await stream.close();
  await isParted;

  const packet: Packet = {
    payload: Uint8Array.of(1, 2, 3),
    subtopic: "app_msg",
    conversationId: "garden",
    appId: new Uint8Array(16).fill(7),
  };
  await alice.publish(packet);
  expect(await heard).toEqual(packet);
});
