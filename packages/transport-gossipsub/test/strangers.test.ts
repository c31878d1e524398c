import { createSeededRandom } from "@demls/testkit";
import type { Packet, PacketVerdict } from "@demls/wire/core";
import { multiaddr } from "@multiformats/multiaddr";
import { filter, firstValueFrom } from "rxjs";
import { afterEach, describe, expect, it } from "vitest";
import {
  createGossipsubTransport,
  type FramingName,
  type GossipsubNode,
  type GossipsubTransport,
} from "../src/index.js";
import { startGossipsub } from "../src/node/index.js";
import { framingOf } from "../src/framings.js";
import { partsOf } from "../src/gossipsub-service.js";
import type { MeshGossipSub } from "../src/mesh-tags.js";
import { connect, startNode } from "./loopback.js";
import { platformClock as clock } from "./network.js";

const GARDEN = framingOf("plain").topicOf("garden");
const random = createSeededRandom("strangers");

let stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops) await stop();
  stops = [];
});

/** A node that sends and forwards anything: gossipsub without a transport. */
async function startStranger(framing: FramingName = "plain"): Promise<GossipsubNode> {
  const node = await startNode(framing);
  stops.push(async () => node.stop());
  return node;
}

async function startMember(
  framing: FramingName = "plain",
): Promise<GossipsubNode & { transport: GossipsubTransport }> {
  const node = await startStranger(framing);
  return Object.assign(node, { transport: createGossipsubTransport({ node, clock }) });
}

let timestamp = 0n;

function messageOf(text: string): Uint8Array {
  timestamp += 1n;
  return framingOf("plain").encode(packetOf(text), timestamp, 0);
}

function packetOf(text: string, conversationId = "garden"): Packet {
  const payload = new TextEncoder().encode(text);
  return { payload, subtopic: "app_msg", conversationId, appId: new Uint8Array(16).fill(7) };
}

function garbage(): Uint8Array {
  return Uint8Array.of(0xff, ...random.bytes(16));
}

/**
 * Resolves when `node` knows so many subscribers of a topic. It may not have opened its own stream to them yet: only a
 * peer that knows a subscription of `node` in turn, as one with it in its mesh does, has such a stream from it.
 */
async function hasSubscribers(node: GossipsubNode, topic: string, count: number): Promise<void> {
  const { pubsub } = node.services;
  while (pubsub.getSubscribers(topic).length < count)
    await new Promise((resolve) => {
      pubsub.addEventListener("subscription-change", resolve, { once: true });
    });
}

/** Resolves when a member has so many mesh peers on its one topic. */
async function hasMesh(
  { connection$ }: Pick<GossipsubTransport, "connection$">,
  count: number,
): Promise<void> {
  await firstValueFrom(connection$.pipe(filter(({ topics }) => (topics[0]?.mesh ?? 0) >= count)));
}

/** Resolves when a node without a transport has so many mesh peers on a topic. */
async function hasMeshPeers({ services }: GossipsubNode, topic: string, count: number): Promise<void> {
  const pubsub = services.pubsub as MeshGossipSub;
  while (pubsub.getMeshPeers(topic).length < count)
    await new Promise((resolve) => {
      pubsub.addEventListener("gossipsub:graft", resolve, { once: true });
    });
}

/**
 * Texts of the packets delivered to a transport, each with the verdict of `judge`; `next` resolves with each new one.
 */
async function listen(
  transport: GossipsubTransport,
  conversationId = "garden",
  judge: (packet: Packet) => PacketVerdict = () => "passed",
) {
  const texts: string[] = [];
  let wake: () => void = () => undefined;
  await transport.subscribe(conversationId, (packet) => {
    texts.push(new TextDecoder().decode(packet.payload));
    transport.noteVerdict?.(packet, judge(packet));
    wake();
  });
  const next = (): Promise<void> => new Promise((resolve) => (wake = resolve));
  return { texts, next };
}

describe("a peer that sends invalid packets", () => {
  it("is rejected, disconnected, and cannot reconnect", async () => {
    const alice = await startGossipsub({ clock, random });
    stops.push(async () => alice.close());
    await alice.subscribe("garden", () => undefined);
    const mallory = await startStranger();
    mallory.services.pubsub.subscribe(GARDEN);
    const dial = () => mallory.dial(alice.addresses.map((address) => multiaddr(address)));
    await dial();
    await hasMesh(alice, 1);
    await hasSubscribers(mallory, GARDEN, 1);
    const cutOff = new Promise((resolve) =>
      mallory.addEventListener("peer:disconnect", resolve, { once: true }),
    );
    for (let i = 0; i < 30; i++)
      await mallory.services.pubsub.publish(GARDEN, garbage()).catch(() => undefined);
    await cutOff;
    expect(alice.connection.dropped.undecodable).toBeGreaterThan(0);
    const closed = new Promise((resolve) =>
      mallory.addEventListener("connection:close", resolve, { once: true }),
    );
    const isRefused = await dial().then(
      () => false,
      () => true,
    );
    if (!isRefused) await closed;
    expect(alice.connection.peers).toEqual([]);
  });
});

describe("an honest peer", () => {
  it("stays connected after it forwarded one invalid packet", async () => {
    const [alice, carol, mallory] = [await startMember(), await startStranger(), await startStranger()];
    const atAlice = await listen(alice.transport);
    for (const { services } of [carol, mallory]) services.pubsub.subscribe(GARDEN);
    await connect(carol, alice);
    await connect(mallory, carol);
    await hasMeshPeers(carol, GARDEN, 2);
    await hasSubscribers(mallory, GARDEN, 1);
    await mallory.services.pubsub.publish(GARDEN, garbage());
    const arrived = atAlice.next();
    await mallory.services.pubsub.publish(GARDEN, messageOf("hello"));
    await arrived;
    expect(atAlice.texts).toEqual(["hello"]);
    expect(alice.transport.connection.dropped.undecodable).toBe(1);
    expect(alice.transport.connection.peers).toEqual([String(carol.peerId)]);
  });
});

describe("a message on a topic without a subscription", () => {
  it("is neither delivered nor forwarded", async () => {
    const [alice, carol, mallory] = [await startMember(), await startStranger(), await startStranger()];
    const atAlice = await listen(alice.transport);
    const { pubsub } = carol.services;
    const atCarol: string[] = [];
    for (const topic of ["/elsewhere", GARDEN]) pubsub.subscribe(topic);
    mallory.services.pubsub.subscribe(GARDEN);
    const gardenAtCarol = new Promise<void>((resolve) => {
      pubsub.addEventListener("message", ({ detail: { topic } }) => {
        atCarol.push(topic);
        if (topic === GARDEN) resolve();
      });
    });
    await connect(carol, alice);
    await connect(mallory, alice);
    await hasMesh(alice.transport, 2);
    for (const node of [carol, mallory]) await hasSubscribers(node, GARDEN, 1);
    sendUnasked(mallory, alice, "/elsewhere");
    await mallory.services.pubsub.publish(GARDEN, messageOf("hello"));
    await gardenAtCarol;
    expect(atCarol).toEqual([GARDEN]);
    expect(atAlice.texts).toEqual(["hello"]);
    expect(alice.transport.connection.dropped.unasked).toBe(1);
    expect(alice.transport.connection.peers).toHaveLength(2);
  });
});

describe("a packet that the session finds forged", () => {
  it("is not forwarded, and is counted", async () => {
    const [alice, carol, mallory] = [await startMember(), await startStranger(), await startStranger()];
    const { transport } = alice;
    const atAlice = await listen(transport, "garden", ({ payload }) =>
      payload.length === "forged".length ? "forged" : "passed",
    );
    transport.noteVerdict?.(packetOf("any"), "passed");
    const { pubsub } = carol.services;
    pubsub.subscribe(GARDEN);
    mallory.services.pubsub.subscribe(GARDEN);
    let messagesAtCarol = 0;
    const lastAtCarol = new Promise<void>((resolve) => {
      pubsub.addEventListener("message", ({ detail }) => {
        messagesAtCarol += 1;
        if (Buffer.from(detail.data).includes("last one")) resolve();
      });
    });
    await connect(carol, alice);
    await connect(mallory, alice);
    await hasMesh(transport, 2);
    for (const node of [carol, mallory]) await hasSubscribers(node, GARDEN, 1);
    for (const text of ["forged", "last one"]) {
      const arrived = atAlice.next();
      await mallory.services.pubsub.publish(GARDEN, messageOf(text));
      await arrived;
    }
    await lastAtCarol;
    expect(messagesAtCarol).toBe(1);
    expect(transport.connection.dropped.forged).toBe(1);
    expect(transport.connection.peers).toHaveLength(2);
  });
});

/** Sends a message to a peer without a subscription to its topic, which gossipsub itself never does. */
function sendUnasked(from: GossipsubNode, to: GossipsubNode, topic: string): void {
  const { pubsub } = from.services;
  const sending = pubsub as unknown as { sendRpc(peerId: string, rpc: object): boolean };
  const rpc = { subscriptions: [], messages: [{ topic, data: messageOf("unasked") }] };
  expect(sending.sendRpc(String(to.peerId), rpc)).toBe(true);
}

/** Sends raw messages to one peer, without remembering or forwarding them. */
function sendTo(to: GossipsubNode, from: GossipsubNode, topic: string, messages: Uint8Array[]): void {
  const { pubsub } = from.services;
  const sending = pubsub as unknown as { sendRpc(peerId: string, rpc: object): boolean };
  const rpc = { subscriptions: [], messages: messages.map((data) => ({ topic, data })) };
  expect(sending.sendRpc(String(to.peerId), rpc)).toBe(true);
}

describe("a message whose data came on another topic before", () => {
  it.each(["/elsewhere", framingOf("plain").topicOf("cellar")])("is delivered (%s)", async (topic) => {
    const [alice, bob, mallory] = [await startMember(), await startStranger(), await startStranger()];
    const [atAlice, inCellar] = [await listen(alice.transport), await listen(alice.transport, "cellar")];
    for (const { services } of [bob, mallory]) services.pubsub.subscribe(GARDEN);
    await connect(bob, alice);
    await connect(mallory, alice);
    await hasMesh(alice.transport, 2);
    await hasSubscribers(bob, GARDEN, 1);
    const message = messageOf("hello");
    const heard = inCellar.next();
    sendTo(alice, mallory, topic, [message]);
    sendTo(alice, mallory, framingOf("plain").topicOf("cellar"), [messageOf("after it")]);
    await heard;
    const arrived = atAlice.next();
    await bob.services.pubsub.publish(GARDEN, message);
    await arrived;
    expect(atAlice.texts).toEqual(["hello"]);
  });
});

describe("a member that receives packets not to be forwarded", () => {
  /** Mallory is connected to Alice only, and so is Carol, who receives the packets that Alice forwards. */
  async function startThree() {
    const [alice, carol, mallory] = [await startMember(), await startStranger(), await startStranger()];
    await alice.transport.subscribe("garden", (packet) => {
      const isForged = new TextDecoder().decode(packet.payload).startsWith("forged");
      alice.transport.noteVerdict?.(packet, isForged ? "forged" : "passed");
    });
    const { pubsub } = carol.services;
    const atCarol: number[] = [];
    let wake: () => void = () => undefined;
    pubsub.subscribe(GARDEN);
    pubsub.addEventListener("message", ({ detail: { data } }) => {
      atCarol.push(data.length);
      wake();
    });
    const next = (): Promise<void> => new Promise((resolve) => (wake = resolve));
    mallory.services.pubsub.subscribe(GARDEN);
    await connect(carol, alice);
    await connect(mallory, alice);
    await hasMesh(alice.transport, 2);
    await hasSubscribers(mallory, GARDEN, 1);
    return { alice, mallory, atCarol, next };
  }

  it("does not forward packets with its own app id, which others would penalise as forged", async () => {
    const { alice, mallory, atCarol, next } = await startThree();
    const own = next();
    await alice.transport.publish({ ...packetOf("hello"), appId: new Uint8Array(16).fill(1) });
    await own;
    atCarol.length = 0;
    const inItsName = { ...packetOf("not from Alice"), appId: new Uint8Array(16).fill(1) };
    const genuine = messageOf("hi");
    const arrived = next();
    sendTo(alice, mallory, GARDEN, [framingOf("plain").encode(inItsName, 1n, 0), genuine]);
    await arrived;
    expect(atCarol).toEqual([genuine.length]);
    expect(alice.transport.connection.dropped.echo).toBe(1);
  });

  it("does not forward a forged packet in any round, also while its verdict is pending", async () => {
    const { alice, mallory, atCarol, next } = await startThree();
    const first = next();
    sendTo(alice, mallory, GARDEN, [messageOf("hello")]);
    await first;
    atCarol.length = 0;
    for (let round = 0; round < 20; round++)
      sendTo(alice, mallory, GARDEN, [framingOf("plain").encode(packetOf("forged"), 1n, round)]);
    const genuine = messageOf("hi");
    const arrived = next();
    sendTo(alice, mallory, GARDEN, [genuine]);
    await arrived;
    expect(atCarol).toEqual([genuine.length]);
    expect(alice.transport.connection.dropped).toMatchObject({ forged: 1, duplicate: 19 });
  });
});

describe("an RPC above the bound on entries", () => {
  it("puts its sender out", async () => {
    const [alice, mallory] = [await startMember(), await startStranger()];
    await listen(alice.transport);
    mallory.services.pubsub.subscribe(GARDEN);
    await connect(mallory, alice);
    await hasMesh(alice.transport, 1);
    const cutOff = new Promise((resolve) =>
      alice.addEventListener("peer:disconnect", resolve, { once: true }),
    );
    const messageIDs = Array.from({ length: 2_000 }, () => new Uint8Array());
    const ihave = Array.from({ length: 10 }, () => ({ topicID: GARDEN, messageIDs }));
    const { pubsub } = mallory.services;
    const sending = pubsub as unknown as { sendRpc(peerId: string, rpc: object): boolean };
    const control = { ihave, iwant: [], graft: [], prune: [], idontwant: [] };
    sending.sendRpc(String(alice.peerId), { subscriptions: [], messages: [], control });
    await cutOff;
    expect(alice.transport.connection.peers).toEqual([]);
  });
});

describe("a restarted node", () => {
  it("limits its reading as before", async () => {
    const alice = await startStranger();
    await alice.stop();
    await alice.start();
    const { messages } = partsOf(alice.services.pubsub);
    let served = 0;
    for (let i = 0; i < 6_000; i++) void messages.take("mallory", 1).then(() => (served += 1));
    await messages.take("alice", 1);
    expect(served).toBeLessThan(6_000);
  });
});

describe("under Waku, a packet of another conversation", () => {
  it("is forwarded and not delivered", async () => {
    const [alice, carol, dave] = [
      await startMember("waku"),
      await startMember("waku"),
      await startMember("waku"),
    ];
    const [atAlice, atCarol] = [await listen(alice.transport), await listen(carol.transport, "cellar")];
    await dave.transport.subscribe("cellar", () => undefined);
    await connect(carol, alice);
    await connect(dave, alice);
    await hasMesh(alice.transport, 2);
    await firstValueFrom(
      dave.transport.connection$.pipe(filter(({ topics }) => topics[0]?.subscribers === 1)),
    );
    const arrived = atCarol.next();
    await dave.transport.publish(packetOf("to the cellar", "cellar"));
    await arrived;
    expect(atCarol.texts).toEqual(["to the cellar"]);
    expect(atAlice.texts).toEqual([]);
    expect(Object.values(alice.transport.connection.dropped).every((count) => count === 0)).toBe(true);
  });
});
