import type { SeededNetwork } from "@demls/testkit";

/** A partition: the side of each member, by name. Members without a side form one more. */
export type Cut = ReadonlyMap<string, number>;

/** Partitions of a network that may overlap in time. */
export interface Links {
  /** Members are connected only if they are on one side of every cut. Returns a function that ends this cut. */
  cut(cut: Cut): () => void;
  /** Names a member that the network has from now on. */
  add(name: string): void;
  /** Ends every cut. */
  heal(): void;
}

export function createLinks(network: SeededNetwork): Links {
  const names: string[] = [];
  const cuts = new Set<Cut>();

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
    add(name) {
      names.push(name);
      apply();
    },
    heal() {
      cuts.clear();
      apply();
    },
  };
}
