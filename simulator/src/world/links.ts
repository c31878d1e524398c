import type { SeededNetwork } from "@demls/testkit";
import type { Routes } from "./routes.js";

/** A partition: the side of each member, by name. Members without a side form one more. */
export type Cut = ReadonlyMap<string, number>;

/** Partitions of a network that may overlap in time. */
export interface Links {
  /** Members are connected only if they are on one side of every cut. Returns a function that ends this cut. */
  cut(cut: Cut): () => void;
  /** Packets pass only to a member's own side and to those with a greater number. */
  cutOneWay(cut: Cut): () => void;
  /** Names a member that the network has from now on. */
  add(name: string): void;
  /** Ends every cut. */
  heal(): void;
}

export function createLinks(network: SeededNetwork, routes: Routes): Links {
  const names: string[] = [];
  const cuts = new Set<Cut>();
  const oneWay = new Set<() => void>();

  function apply(): void {
    const groups = new Map<string, string[]>();
    for (const name of names) {
      const sides = [...cuts].map((cut) => cut.get(name) ?? "").join();
      groups.set(sides, [...(groups.get(sides) ?? []), name]);
    }
    network.partition(...groups.values());
  }

  return {
    cut(cut) {
      cuts.add(cut);
      apply();
      return () => {
        if (cuts.delete(cut)) apply();
      };
    },
    cutOneWay(cut) {
      const end = routes.dropIf((_packet, from, to) => (cut.get(from) ?? 0) > (cut.get(to) ?? 0));
      oneWay.add(end);
      return end;
    },
    add(name) {
      names.push(name);
      apply();
    },
    heal() {
      cuts.clear();
      for (const end of oneWay) end();
      oneWay.clear();
      apply();
    },
  };
}
