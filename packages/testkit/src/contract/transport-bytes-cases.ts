import type { Packet } from "@demls/wire/core";
import { expectEqual, type ContractCase } from "./contract-case.js";
import {
  expectPackets,
  onNetwork,
  packetOf,
  subscribed,
  type CreateTransportNetwork,
} from "./transport-members.js";

/** Larger than a commit that adds a hundred members. */
const LARGE_BYTES = 200_000;

/** Cases about bytes: complete delivery and ownership. */
export function bytesCases(create: CreateTransportNetwork): ContractCase[] {
  return [
    {
      name: "delivers payloads of 0 to 200,000 bytes and the sender's instance id unchanged",
      run: () =>
        onNetwork(create, async ({ settle }, alice, bob) => {
          const got = await subscribed(bob);
          const every = Uint8Array.from({ length: 256 }, (_, i) => i);
          const large = Uint8Array.from({ length: LARGE_BYTES }, (_, i) => i % 251);
          const part = new Uint8Array(every.buffer, 65, 3);
          const packets = [every, new Uint8Array(0), large, part].map((payload, i) =>
            packetOf("", { payload, appId: new Uint8Array(16).fill(i) }),
          );
          for (const packet of packets) await alice.publish(packet);
          await settle();
          expectPackets(got, packets, "The delivered packets");
        }),
    },
    {
      name: "does not mutate a published packet, and lets its bytes be reused once publishing resolves",
      run: () =>
        onNetwork(create, async ({ settle }, alice, bob) => {
          const got = await subscribed(bob);
          const packet = packetOf("hello");
          await alice.publish(packet);
          expectEqual(packet, packetOf("hello"), "The publisher's packet");
          packet.payload.fill(0);
          packet.appId.fill(0);
          await settle();
          expectPackets(got, [packetOf("hello")], "The delivered packets");
        }),
    },
    {
      name: "accepts a frozen packet",
      run: () =>
        onNetwork(create, async ({ settle }, alice, bob) => {
          const got = await subscribed(bob);
          await alice.publish(Object.freeze(packetOf("frozen")));
          await settle();
          expectPackets(got, [packetOf("frozen")], "The delivered packets");
        }),
    },
    {
      name: "gives each listener its own bytes",
      run: () =>
        onNetwork(create, async ({ settle }, alice, bob, carol) => {
          const packet = packetOf("hello");
          const seen: Packet[] = [];
          const overwrite = (received: Packet): void => {
            const { payload, appId } = received;
            seen.push({ ...received, payload: Uint8Array.from(payload), appId: Uint8Array.from(appId) });
            payload.fill(0);
            appId.fill(0);
          };
          for (const transport of [bob, bob, carol]) await transport.subscribe("garden", overwrite);
          await alice.publish(packet);
          await settle();
          expectPackets(
            { packets: seen, listener: overwrite },
            [packetOf("hello")],
            "The bytes of the listeners",
          );
          expectEqual(packet, packetOf("hello"), "The publisher's packet");
        }),
    },
  ];
}
