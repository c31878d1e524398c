import { broken, type ContractCase } from "./contract-case.js";
import {
  expectPackets,
  expectRefusal,
  inbox,
  onNetwork,
  packetOf,
  subscribed,
  type CreateTransportNetwork,
} from "./transport-members.js";

/** Endings: of a subscription, and of a transport. */
export function endingCases(create: CreateTransportNetwork): ContractCase[] {
  return [
    {
      name: "ends a subscription at once, and that one alone",
      run: () =>
        onNetwork(create, async ({ settle }, alice, bob) => {
          const [ended, kept, otherwise] = [inbox(), inbox(), await subscribed(bob, "cellar")];
          const end = await bob.subscribe("garden", ended.listener);
          await bob.subscribe("garden", kept.listener);
          const published = alice.publish(packetOf("under way"));
          end();
          const before = ended.packets.length;
          await published;
          await alice.publish(packetOf("later"));
          await alice.publish(packetOf("below", { conversationId: "cellar" }));
          await settle();
          if (ended.packets.length > before) throw broken("A subscription that has ended is delivered to.");
          expectPackets(kept, [packetOf("under way"), packetOf("later")], "What the other listener got");
          expectPackets(otherwise, [packetOf("below", { conversationId: "cellar" })], "What the cellar got");
        }),
    },
    {
      name: "does nothing where a subscription is ended again, not even to a new one of the same listener",
      run: () =>
        onNetwork(create, async ({ settle }, alice, bob) => {
          const own = inbox();
          const end = await bob.subscribe("garden", own.listener);
          end();
          await bob.subscribe("garden", own.listener);
          end();
          await alice.publish(packetOf("hello"));
          await settle();
          expectPackets(own, [packetOf("hello")], "What the new subscription got");
        }),
    },
    {
      name: "delivers nothing and publishes nothing once it is closed, and closes again without effect",
      run: () =>
        onNetwork(create, async ({ settle }, alice, bob, carol) => {
          const [closed, kept] = [inbox(), await subscribed(carol)];
          const end = await bob.subscribe("garden", closed.listener);
          await bob.close();
          await bob.close();
          const before = closed.packets.length;
          end();
          await expectRefusal(bob.publish(packetOf("refused")), "A packet for a closed transport");
          await alice.publish(packetOf("later"));
          await settle();
          if (closed.packets.length > before) throw broken("A closed transport delivers.");
          expectPackets(kept, [packetOf("later")], "What another member got");
        }),
    },
    {
      name: "delivers nothing that was under way when it was closed, and closes no other member's transport",
      run: () =>
        onNetwork(create, async ({ settle }, alice, bob, carol) => {
          const [closed, kept] = [await subscribed(bob), await subscribed(carol)];
          const published = alice.publish(packetOf("under way"));
          await bob.close();
          const before = closed.packets.length;
          await published;
          await settle();
          if (closed.packets.length > before) throw broken("A closed transport delivers what was under way.");
          expectPackets(kept, [packetOf("under way")], "What another member got");
        }),
    },
  ];
}
