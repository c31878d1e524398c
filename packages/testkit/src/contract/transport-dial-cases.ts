import type { ContractCase } from "./contract-case.js";
import {
  expectPackets,
  inbox,
  onNetwork,
  packetOf,
  type CreateTransportNetwork,
} from "./transport-members.js";

/** Addresses that no transport reaches: others may put anything into an invitation. */
const USELESS = ["", "no address", "\u0000\uffff", "a".repeat(10_000)];

/** Cases about addresses to dial. A transport without `dial` passes. */
export function dialCases(create: CreateTransportNetwork): ContractCase[] {
  return [
    {
      name: "may reject addresses to dial, by its promise alone, and goes on",
      run: () =>
        onNetwork(create, async ({ settle }, alice, bob) => {
          const received = inbox();
          await bob.subscribe("garden", received.listener);
          // Outside of a catch: an exception breaks the contract.
          const dialled = [[], USELESS].map((addresses) => alice.dial?.(addresses) ?? Promise.resolve());
          await Promise.allSettled(dialled);
          await alice.publish(packetOf("hello"));
          await settle();
          expectPackets(received, [packetOf("hello")], "The packets after the dial");
        }),
    },
  ];
}
