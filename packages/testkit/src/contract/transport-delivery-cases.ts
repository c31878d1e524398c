import { expectEqual, type ContractCase } from "./contract-case.js";
import type { CreateTransportNetwork } from "./transport-contract.js";
import { expectPackets, onNetwork, packetOf, subscribed, without, type Inbox } from "./transport-members.js";

/** Names that an address made of them must not mix up. */
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

/** Deliveries: who gets which packet, and when. */
export function deliveryCases(create: CreateTransportNetwork): ContractCase[] {
  return [
    {
      name: "delivers a packet to every other subscriber of its conversation, from when subscribing has resolved",
      run: () =>
        onNetwork(create, async ({ settle }, alice, bob, carol) => {
          const first = await subscribed(bob);
          const second = await subscribed(carol);
          await alice.publish(packetOf("hello"));
          await settle();
          expectPackets(first, [packetOf("hello")], "What the one got");
          expectPackets(second, [packetOf("hello")], "What the other got");
        }),
    },
    {
      name: "delivers in both directions, and to who joined while others were talking",
      run: () =>
        onNetwork(create, async (network, alice, bob) => {
          const [early, answer] = [await subscribed(bob), await subscribed(alice)];
          await alice.publish(packetOf("early"));
          await network.settle();
          const dave = await network.join();
          const late = await subscribed(dave);
          await bob.publish(packetOf("from bob"));
          await dave.publish(packetOf("from dave"));
          await network.settle();
          await dave.close();
          const [fromBob, fromDave] = [packetOf("from bob"), packetOf("from dave")];
          expectPackets(without(answer, "early"), [fromBob, fromDave], "What alice got");
          expectPackets(without(early, "from bob"), [packetOf("early"), fromDave], "What bob got");
          // A transport with a memory may hand over what was published before.
          expectPackets(without(late, "from dave", "early"), [fromBob], "What dave got");
        }),
    },
    {
      name: "delivers the packets of all subtopics of a conversation, by their names",
      run: () =>
        onNetwork(create, async ({ settle }, alice, bob) => {
          const got = await subscribed(bob);
          const packets = ["welcome", "app_msg", "my-beacons", "a/b"].map((subtopic) =>
            packetOf("hi", { subtopic }),
          );
          for (const packet of packets) await alice.publish(packet);
          await settle();
          expectPackets(got, packets, "What was delivered");
        }),
    },
    {
      name: "keeps conversations apart, whatever they are called",
      run: () =>
        onNetwork(create, async ({ settle }, alice, bob) => {
          const inboxes = new Map<string, Inbox>();
          for (const name of NAMES) inboxes.set(name, await subscribed(bob, name));
          for (const name of [...NAMES, "nobody's"])
            await alice.publish(packetOf(`to ${name}`, { conversationId: name }));
          await settle();
          for (const [name, got] of inboxes)
            expectPackets(got, [packetOf(`to ${name}`, { conversationId: name })], `What came to ${name}`);
        }),
    },
    {
      name: "delivers every packet of many that are published at once",
      run: () =>
        onNetwork(create, async ({ settle }, alice, bob, carol) => {
          const got = await subscribed(bob);
          const packets = Array.from({ length: 200 }, (_, i) => packetOf(`number ${i}`));
          await Promise.all(packets.map((packet, i) => (i % 2 === 0 ? alice : carol).publish(packet)));
          await settle();
          expectPackets(got, packets, "What was delivered");
        }),
    },
    {
      name: "calls no listener from within publish or subscribe",
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
          expectEqual(callsWithin, 0, "The number of calls from within");
        }),
    },
    {
      name: "takes a packet of a conversation that nobody listens to",
      run: () =>
        onNetwork(create, async ({ settle }, alice, bob) => {
          await alice.publish(packetOf("into the void"));
          await settle();
          const late = await subscribed(bob);
          await alice.publish(packetOf("hello"));
          await settle();
          expectPackets(without(late, "into the void"), [packetOf("hello")], "What came later");
        }),
    },
  ];
}
