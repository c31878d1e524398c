import { createHash } from "node:crypto";
import { createVirtualClock } from "@demls/testkit";
import { DemlsError, type Packet } from "@demls/wire/core";
import type { GossipsubMessage, GossipSubEvents } from "@libp2p/gossipsub";
import { filter, firstValueFrom } from "rxjs";
import { afterEach, describe, expect, it, test } from "vitest";
import {
  createGossipsubTransport,
  type ConnectionState,
  type FramingName,
  type GossipsubNode,
  type GossipsubTransport,
} from "../src/index.js";
import { connect, startNode } from "./loopback.js";
import { platformClock as clock } from "./network.js";

let nodes: GossipsubNode[] = [];
afterEach(async () => {
  for (const node of nodes) await node.stop();
  nodes = [];
});

async function start(framing: FramingName = "plain"): Promise<GossipsubNode> {
  const node = await startNode(framing);
  nodes.push(node);
  return node;
}

function over(node: GossipsubNode, publishTimeoutMs?: number): GossipsubTransport {
  return createGossipsubTransport({
    node,
    clock,
    ...(publishTimeoutMs === undefined ? {} : { publishTimeoutMs }),
  });
}

const ALICE = new Uint8Array(16).fill(1);
const BOB = new Uint8Array(16).fill(2);

function packetOf(text: string, changes: Partial<Packet> = {}): Packet {
  const payload = new TextEncoder().encode(text);
  return { payload, subtopic: "app_msg", conversationId: "garden", appId: ALICE, ...changes };
}

/** Error code of a failed call. */
async function codeOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error instanceof DemlsError ? error.code : error;
  }
  return undefined;
}

function until(
  transport: GossipsubTransport,
  holds: (state: ConnectionState) => boolean,
): Promise<ConnectionState> {
  return firstValueFrom(transport.connection$.pipe(filter(holds)));
}

/** Packets of the garden delivered to a transport. */
async function inbox(transport: GossipsubTransport): Promise<AsyncGenerator<Packet> & { count(): number }> {
  const packets: Packet[] = [];
  let wake: () => void = () => undefined;
  await transport.subscribe("garden", (packet) => {
    packets.push(packet);
    wake();
  });
  async function* each(): AsyncGenerator<Packet> {
    for (let i = 0; ; i++) {
      while (packets[i] === undefined) await new Promise<void>((resolve) => (wake = resolve));
      yield packets[i] as Packet;
    }
  }
  return Object.assign(each(), { count: () => packets.length });
}

/** Alice and bob, connected and subscribed. */
async function pair(framing: FramingName = "plain") {
  const [aliceNode, bobNode] = [await start(framing), await start(framing)];
  const [alice, bob] = [over(aliceNode), over(bobNode)];
  await alice.subscribe("garden", () => undefined);
  const atBob = await inbox(bob);
  await connect(bobNode, aliceNode);
  await until(alice, ({ topics }) => topics.some(({ subscribers }) => subscribers > 0));
  return { aliceNode, bobNode, alice, bob, atBob };
}

describe.each(["plain", "waku"] as const)("a closed transport in the %s framing", (framing) => {
  it("neither publishes nor delivers, also packets under way, and closes only once", async () => {
    const { aliceNode, alice, bob } = await pair(framing);
    const carolNode = await start(framing);
    const [ofBob, ofCarol] = [await inbox(bob), await inbox(over(carolNode))];
    await connect(carolNode, aliceNode);
    await until(alice, ({ topics }) => topics.some(({ mesh }) => mesh === 2));
    const published = alice.publish(packetOf("under way"));
    await bob.close();
    const before = ofBob.count();
    await bob.close();
    await published;
    expect(await codeOf(() => bob.publish(packetOf("refused")))).toBe("transport-closed");
    expect(await codeOf(() => bob.subscribe("garden", () => undefined))).toBe("transport-closed");
    await alice.publish(packetOf("later"));
    for (const text of ["under way", "later"]) expect((await ofCarol.next()).value).toEqual(packetOf(text));
    expect(ofBob.count()).toBe(before);
  });
});

describe("a node", () => {
  it("carries one transport at a time, and the next after it is closed", async () => {
    const node = await start();
    const first = over(node);
    expect(await codeOf(() => over(node))).toBe("node-in-use");
    await first.close();
    const second = over(node);
    await second.subscribe("garden", () => undefined);
    expect(second.connection.topics).toHaveLength(1);
  });

  it("accepts 2,048 topics, and another once one is left", async () => {
    const transport = over(await start());
    const [leave] = await Promise.all(
      Array.from({ length: 2_048 }, (_, index) => transport.subscribe(`room ${index}`, () => undefined)),
    );
    const another = () => transport.subscribe("garden", () => undefined);
    expect(await codeOf(another)).toBe("too-many-topics");
    await transport.subscribe("room 1", () => undefined);
    leave?.();
    leave?.();
    expect(await codeOf(another)).toBeUndefined();
    expect(transport.connection.topics).toHaveLength(2_048);
  });

  it("keeps no listener, topic or validator of a closed transport", async () => {
    const node = await start();
    const { pubsub } = node.services;
    const validators = pubsub.topicValidators;
    const listeners = () => countListeners(node);
    const before = listeners();
    const transport = over(node);
    await transport.subscribe("garden", () => undefined);
    const published = codeOf(() => transport.publish(packetOf("for nobody")));
    expect(listeners()).not.toEqual(before);
    expect(pubsub.topicValidators).not.toBe(validators);
    await transport.close();
    expect(await published).toBe("transport-closed");
    expect(listeners()).toEqual(before);
    expect(pubsub.topicValidators).toBe(validators);
    expect(pubsub.getTopics()).toEqual([]);
    expect(node.status).toBe("started");
  });

  it("may be stopped before its transport, and started again under it", async () => {
    const { aliceNode, bobNode, alice, atBob } = await pair();
    await bobNode.stop();
    await bobNode.start();
    await connect(bobNode, aliceNode);
    await alice.publish(packetOf("again"));
    expect((await atBob.next()).value).toEqual(packetOf("again"));
    await aliceNode.stop();
    await alice.close();
    expect(await codeOf(() => alice.publish(packetOf("closed")))).toBe("transport-closed");
  });

  it("with another pubsub service is rejected", async () => {
    const node = { services: { pubsub: {} } } as unknown as GossipsubNode;
    expect(await codeOf(() => over(node))).toBe("foreign-pubsub");
  });
});

function countListeners(node: GossipsubNode): readonly number[] {
  const counting = node as unknown as { listenerCount(type: string): number };
  const pubsub = node.services.pubsub as unknown as { listenerCount(type: string): number };
  const own: readonly (keyof GossipSubEvents)[] = [
    "gossipsub:message",
    "gossipsub:heartbeat",
    "gossipsub:graft",
    "gossipsub:prune",
    "subscription-change",
  ];
  return [
    ...["peer:connect", "peer:disconnect", "start"].map((type) => counting.listenerCount(type)),
    ...own.map((type) => pubsub.listenerCount(type)),
  ];
}

describe("options", () => {
  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])(
    "reject a publish timeout of %d ms",
    async (publishTimeoutMs) => {
      const node = await start();
      expect(await codeOf(() => over(node, publishTimeoutMs))).toBe("invalid-publish-timeout");
      over(node, 0);
    },
  );
});

describe("publishing", () => {
  it("waits for a peer, and rejects after the timeout", async () => {
    const alice = over(await start(), 100);
    const refused = codeOf(() => alice.publish(packetOf("into the void")));
    await until(alice, ({ waiting }) => waiting === 1);
    expect(await refused).toBe("no-peers");
    expect(alice.connection.waiting).toBe(0);
  });

  it("waits for a peer with a copy of its bytes, of a Buffer as well", async () => {
    const [aliceNode, bobNode] = [await start(), await start()];
    const [alice, bob] = [over(aliceNode), over(bobNode)];
    const atBob = await inbox(bob);
    const payload = Buffer.from("patience");
    const published = alice.publish(packetOf("", { payload }));
    payload.fill(0);
    await connect(bobNode, aliceNode);
    await published;
    expect((await atBob.next()).value).toEqual(packetOf("patience"));
  });

  it("does not count members of another framing as peers", async () => {
    const [aliceNode, bobNode] = [await start("plain"), await start("waku")];
    const [alice, bob] = [over(aliceNode, 300), over(bobNode)];
    await alice.subscribe("garden", () => undefined);
    await bob.subscribe("garden", () => undefined);
    await connect(bobNode, aliceNode);
    expect(await codeOf(() => alice.publish(packetOf("hello")))).toBe("no-peers");
    expect(alice.connection).toMatchObject({ peers: [bob.peerId], topics: [{ subscribers: 0, mesh: 0 }] });
  });

  it("rejects a packet that is too large with its names, before sending it", async () => {
    const { alice, atBob } = await pair();
    const most = new Uint8Array(1_048_576 - 4_096 - 16 - 3 * "gardenapp_msg".length);
    const more = new Uint8Array(most.length + 1);
    expect(await codeOf(() => alice.publish(packetOf("", { payload: more })))).toBe("packet-too-large");
    const subtopic = "я".repeat(400_000);
    expect(await codeOf(() => alice.publish(packetOf("", { subtopic })))).toBe("packet-too-large");
    await alice.publish(packetOf("", { payload: most }));
    const { value: arrived } = (await atBob.next()) as { readonly value: Packet };
    expect(Buffer.compare(arrived.payload, most)).toBe(0);
  });

  it("sends the same packet again as another message, though the clock stands still", async () => {
    const { aliceNode, alice, atBob } = await pair();
    await alice.close();
    const still = createGossipsubTransport({ node: aliceNode, clock: createVirtualClock() });
    const same = packetOf("twice");
    await still.publish(same);
    await still.publish(same);
    expect([(await atBob.next()).value, (await atBob.next()).value]).toEqual([same, same]);
  });

  test.each(["", "a/b"])("under Waku rejects the name %j", async (name) => {
    const alice = over(await start("waku"));
    const [conversationId, subtopic] = [name, name];
    expect(await codeOf(() => alice.publish(packetOf("", { conversationId })))).toBe(
      "invalid-conversation-id",
    );
    expect(await codeOf(() => alice.subscribe(name, () => undefined))).toBe("invalid-conversation-id");
    expect(await codeOf(() => alice.publish(packetOf("", { subtopic })))).toBe("invalid-subtopic");
  });
});

describe("a packet that comes back", () => {
  it("is dropped if it has the id of an instance that publishes here", async () => {
    const { alice, bob, atBob } = await pair();
    await bob.publish(packetOf("mine", { appId: BOB }));
    await alice.publish(packetOf("an echo", { appId: BOB }));
    await alice.publish(packetOf("another's"));
    expect((await atBob.next()).value).toEqual(packetOf("another's"));
    expect(bob.connection.dropped).toMatchObject({ echo: 1, duplicate: 0 });
    const counted = await until(bob, ({ dropped }) => dropped.echo > 0);
    expect(counted.dropped.echo).toBe(1);
  });

  it("is delivered once, though gossipsub has forgotten it", async () => {
    const { bobNode, alice, bob, atBob } = await pair();
    const { pubsub } = bobNode.services;
    const first = new Promise<GossipsubMessage>((resolve) => {
      pubsub.addEventListener("gossipsub:message", ({ detail }) => resolve(detail), { once: true });
    });
    await alice.publish(packetOf("hello"));
    expect((await atBob.next()).value).toEqual(packetOf("hello"));
    const { propagationSource, msg } = await first;
    await pubsub.topicValidators.get(msg.topic)?.(propagationSource, msg);
    expect(bob.connection.dropped.duplicate).toBe(1);
    await alice.publish(packetOf("next"));
    expect((await atBob.next()).value).toEqual(packetOf("next"));
    expect(atBob.count()).toBe(2);
  });
});

describe("the connection's states", () => {
  it("report peers, subscribers, the mesh and waiting packets, and end with the transport", async () => {
    const [aliceNode, bobNode] = [await start(), await start()];
    const [alice, bob] = [over(aliceNode), over(bobNode)];
    const states: ConnectionState[] = [];
    let isComplete = false;
    alice.connection$.subscribe({ next: (state) => states.push(state), complete: () => (isComplete = true) });
    await alice.subscribe("garden", () => undefined);
    const published = alice.publish(packetOf("hello"));
    await until(alice, ({ waiting }) => waiting === 1);
    await connect(bobNode, aliceNode);
    await until(alice, ({ peers }) => peers.includes(bob.peerId));
    await bob.subscribe("garden", () => undefined);
    await until(alice, ({ topics }) => topics[0]?.subscribers === 1 && topics[0].mesh === 1);
    await published;
    await until(alice, ({ waiting }) => waiting === 0);
    await bobNode.stop();
    await until(alice, ({ peers, topics }) => peers.length === 0 && topics[0]?.subscribers === 0);
    const spelled = states.map((state) => JSON.stringify(state));
    expect(spelled.filter((state, i) => state === spelled[i - 1])).toEqual([]);
    await alice.close();
    expect(isComplete).toBe(true);
  });
});

describe("a message", () => {
  it("has an id by its topic and its data, so the same data on another topic is another message", async () => {
    const { bobNode, alice } = await pair();
    const heard = new Promise<GossipsubMessage>((resolve) => {
      bobNode.services.pubsub.addEventListener("gossipsub:message", ({ detail }) => resolve(detail));
    });
    await alice.publish(packetOf("hello"));
    const { msgId, msg } = await heard;
    const topicHash = createHash("sha256").update(msg.topic).digest();
    expect(msgId).toBe(createHash("sha256").update(topicHash).update(msg.data).digest("hex"));
  });
});
