import { isNobodyThere, type Packet, type Transport } from "@demls/wire/core";
import { broken, expectEqual, type ContractCase } from "./contract-case.js";
import {
  expectPackets,
  expectRefusal,
  inbox,
  onNetwork,
  packetOf,
  subscribed,
  without,
  type Inbox,
  type CreateTransportNetwork,
} from "./transport-members.js";

const SUBTOPICS = ["welcome", "app_msg", "my-beacons", "a/b"];

/** Names that a transport must not confuse when it builds addresses from them. */
const NAMES = [
  "garden",
  "garden/",
  "gard",
  "Garden",
  "garden/1/app_msg",
  "/",
  "*",
  "#",
  "gärten 🌱",
  "__proto__",
];

/** Cases about delivery: recipients and times. */
export function deliveryCases(create: CreateTransportNetwork): ContractCase[] {
  return [
    {
      name: "delivers a packet to all other subscribers of its conversation, once subscribing has resolved",
      run: () =>
        onNetwork(create, async ({ settle }, alice, bob, carol) => {
          const first = await subscribed(bob);
          const second = await subscribed(carol);
          await alice.publish(packetOf("hello"));
          await settle();
          expectPackets(first, [packetOf("hello")], "The packets of the first subscriber");
          expectPackets(second, [packetOf("hello")], "The packets of the second subscriber");
        }),
    },
    {
      name: "delivers in both directions, and to members that join later",
      run: () =>
        onNetwork(create, async (network, alice, bob) => {
          const [early, answer] = [await subscribed(bob), await subscribed(alice)];
          // Distinct instance ids: a transport may drop packets with its own id as echoes.
          const [fromBob, fromDave] = [fromInstance("from bob", 8), fromInstance("from dave", 9)];
          await alice.publish(packetOf("early"));
          await network.settle();
          const dave = await network.join();
          const late = await subscribed(dave);
          await bob.publish(fromBob);
          await dave.publish(fromDave);
          await network.settle();
          expectPackets(without(answer, "early"), [fromBob, fromDave], "The packets of alice");
          expectPackets(without(early, "from bob"), [packetOf("early"), fromDave], "The packets of bob");
          // A transport with a history may deliver packets published before.
          expectPackets(without(late, "from dave", "early"), [fromBob], "The packets of dave");
        }),
    },
    {
      name: "delivers packets of all subtopics of a conversation, with the subtopic's name",
      run: () =>
        onNetwork(create, async (network, alice, bob) => {
          const got = await subscribed(bob);
          const packets = SUBTOPICS.filter((name) => !network.refuses?.(name)).map((subtopic) =>
            packetOf("hi", { subtopic }),
          );
          for (const packet of packets) await alice.publish(packet);
          await network.settle();
          expectPackets(got, packets, "The delivered packets");
        }),
    },
    {
      name: "keeps conversations apart, with any names",
      run: () =>
        onNetwork(create, async (network, alice, bob) => {
          const inboxes = new Map<string, Inbox>();
          const names = NAMES.filter((name) => !network.refuses?.(name));
          for (const name of names) inboxes.set(name, await subscribed(bob, name));
          for (const name of names) await alice.publish(packetOf(`to ${name}`, { conversationId: name }));
          await publishForNobody(alice, packetOf("to nobody", { conversationId: "nobody's" }));
          await network.settle();
          for (const [name, got] of inboxes)
            expectPackets(got, [packetOf(`to ${name}`, { conversationId: name })], `The packets of ${name}`);
        }),
    },
    {
      name: "rejects unsupported names of conversations and subtopics",
      run: () =>
        onNetwork(create, async (network, alice, bob) => {
          const got = await subscribed(bob);
          const { listener } = inbox();
          for (const name of [...NAMES, ...SUBTOPICS].filter((each) => network.refuses?.(each))) {
            await expectRefusal(bob.subscribe(name, listener), `A subscription of ${name}`);
            for (const packet of [
              packetOf("hi", { conversationId: name }),
              packetOf("hi", { subtopic: name }),
            ])
              await expectRefusal(alice.publish(packet), `A packet to ${spelledName(packet)}`);
          }
          await alice.publish(packetOf("hello"));
          await network.settle();
          expectPackets(got, [packetOf("hello")], "The delivered packets");
        }),
    },
    {
      name: "delivers all of many packets published at once",
      run: () =>
        onNetwork(create, async ({ settle }, alice, bob, carol) => {
          const got = await subscribed(bob);
          const packets = Array.from({ length: 200 }, (_, i) => packetOf(`number ${i}`));
          await Promise.all(packets.map((packet, i) => (i % 2 === 0 ? alice : carol).publish(packet)));
          await settle();
          expectPackets(got, packets, "The delivered packets");
        }),
    },
    {
      name: "calls no listener synchronously within publish or subscribe",
      run: () =>
        onNetwork(create, async ({ settle }, alice, bob) => {
          let isWithin = false;
          let callsWithin = 0;
          const listener = (): void => void (callsWithin += isWithin ? 1 : 0);
          const within = <T>(call: () => Promise<T>): Promise<T> => {
            isWithin = true;
            const result = call();
            isWithin = false;
            return result;
          };
          await bob.subscribe("garden", listener);
          await alice.subscribe("garden", listener);
          await within(() => alice.publish(packetOf("hello")));
          await within(() => bob.subscribe("garden", listener));
          await settle();
          expectEqual(callsWithin, 0, "The number of synchronous calls");
        }),
    },
    {
      name: "accepts a packet without subscribers or rejects it as such, and delivers the next",
      run: () =>
        onNetwork(create, async ({ settle }, alice, bob) => {
          await publishForNobody(alice, packetOf("into the void"));
          await settle();
          const late = await subscribed(bob);
          await alice.publish(packetOf("hello"));
          await settle();
          expectPackets(
            without(late, "into the void"),
            [packetOf("hello")],
            "The packets of a later subscriber",
          );
        }),
    },
  ];
}

/**
 * Resolves when a packet without subscribers was accepted, or refused because nobody is there.
 *
 * @throws DemlsError `contract-broken` if it was refused for another reason.
 */
async function publishForNobody(transport: Transport, packet: Packet): Promise<void> {
  await transport.publish(packet).catch((error: unknown) => {
    if (!isNobodyThere(error)) throw broken(`A packet without subscribers is refused by ${String(error)}.`);
  });
}

function spelledName({ conversationId, subtopic }: Packet): string {
  return JSON.stringify([conversationId, subtopic]);
}

function fromInstance(text: string, id: number): Packet {
  return packetOf(text, { appId: new Uint8Array(16).fill(id) });
}
