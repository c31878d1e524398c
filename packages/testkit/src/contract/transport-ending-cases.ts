import { broken, type ContractCase } from "./contract-case.js";
import {
  expectPackets,
  inbox,
  onNetwork,
  packetOf,
  subscribed,
  type CreateTransportNetwork,
} from "./transport-members.js";

/** Cases about the end of a subscription. */
export function endingCases(create: CreateTransportNetwork): ContractCase[] {
  return [
    {
      name: "ends only this subscription, at once",
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
          if (ended.packets.length > before) throw broken("An ended subscription receives a packet.");
          expectPackets(
            kept,
            [packetOf("under way"), packetOf("later")],
            "The packets of the other listener",
          );
          expectPackets(
            otherwise,
            [packetOf("below", { conversationId: "cellar" })],
            "The packets of the other conversation",
          );
        }),
    },
    {
      name: "ignores ending a subscription again, even with a new one of the same listener",
      run: () =>
        onNetwork(create, async ({ settle }, alice, bob) => {
          const own = inbox();
          const end = await bob.subscribe("garden", own.listener);
          end();
          await bob.subscribe("garden", own.listener);
          end();
          await alice.publish(packetOf("hello"));
          await settle();
          expectPackets(own, [packetOf("hello")], "The packets of the new subscription");
        }),
    },
  ];
}
