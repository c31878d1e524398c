import type { SeededNetwork } from "@demls/testkit";
import type { Packet, Transport } from "@demls/wire/core";

/** Decides whether a packet is lost on its way from one member to another. Called once for each. */
export type Drop = (packet: Packet, from: string, to: string) => boolean;

/** Ways of a network that lose single packets. */
export interface Routes {
  /** Loses the packets for which `drop` is true, until the returned function is called. */
  dropIf(drop: Drop): () => void;
  /** Names a member that the network has from now on. */
  add(name: string): void;
  /** Publishes a packet of a member. */
  publish(wire: Transport, packet: Packet, from: string): Promise<void>;
}

export function createRoutes(network: SeededNetwork): Routes {
  const names: string[] = [];
  const drops = new Set<Drop>();
  return {
    dropIf(drop) {
      drops.add(drop);
      return () => void drops.delete(drop);
    },
    add: (name) => void names.push(name),
    publish(wire, packet, from) {
      const losers = names.filter((to) => to !== from && [...drops].some((drop) => drop(packet, from, to)));
      for (const to of losers) network.setConditions({ loss: 1 }, { from, to });
      // The network decides before it returns.
      const published = wire.publish(packet);
      for (const to of losers) network.setConditions({ loss: 0 }, { from, to });
      return published;
    },
  };
}
