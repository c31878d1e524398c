import { createSeededRandom } from "@demls/testkit";
import type { Packet } from "@demls/wire/core";
import { filter, firstValueFrom } from "rxjs";
import { expect, it, onTestFinished } from "vitest";
import { createGossipsubTransport } from "../src/index.js";
import { startGossipsub } from "../src/node/index.js";
import { startNode } from "../src/node/libp2p-node.js";
import { provideForNode20 } from "../src/node/node-20.js";
import { hasMesh, platformClock as clock } from "./network.js";

it("A peer that closes the stream which it is sent to on is connected anew, and hears what comes next", async () => {
  await provideForNode20();
  const random = createSeededRandom("deaf");
  const listen = ["/ip4/127.0.0.1/tcp/0"];
  const { node, stop } = await startNode({ clock, random, framing: "plain", listen, privateKey: undefined });
  onTestFinished(stop);
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
