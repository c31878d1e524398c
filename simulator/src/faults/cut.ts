import type { SeededRandom } from "@demls/testkit";
import type { Cut } from "../world/links.js";
import type { World } from "../world/world.js";
import type { Fault } from "./fault.js";

const OUTAGE_MS = { min: 2_000, max: 240_000 };
const PARTITION_MS = { min: 2_000, max: 180_000 };

/** Members lose the network, and partitions of any shape come and go; in some, packets pass one way. */
export const cut: Fault = (world, random, forMs) => {
  const outages = random.integer(1, 5);
  const partitions = random.integer(1, 2);
  for (let i = 1; i <= outages; i++) {
    const own = random.fork(`outage ${i}`);
    world.occur(`outage-${i}`, own.integer(0, forMs), () =>
      beginOutage(world, own, own.integer(OUTAGE_MS.min, OUTAGE_MS.max)),
    );
  }
  for (let i = 1; i <= partitions; i++) {
    const own = random.fork(`partition ${i}`);
    world.occur(`partition-${i}`, own.integer(0, forMs), () => beginPartition(world, own));
  }
  return () => endCuts(world);
};

/** Ends every outage and partition. */
export function endCuts(world: World): void {
  world.links.heal();
  for (const person of world.people) {
    person.isRefusing = false;
    person.isAlone = false;
  }
}

/** Half of the outages are noticed by the transport, which then rejects packets. */
export function beginOutage(world: World, random: SeededRandom, ms: number): void {
  const person = random.pick(world.people);
  const isNoticed = random.integer(0, 1) === 1;
  world.count("outages");
  world.note(person.name, () => `is offline for ${ms} ms`);
  person.isRefusing ||= isNoticed;
  const end = world.links.cut(new Map([[person.name, 1]]));
  world.after(ms, () => {
    end();
    person.isRefusing = false;
    world.note(person.name, () => "is online again");
  });
}

function beginPartition(world: World, random: SeededRandom): void {
  const ms = random.integer(PARTITION_MS.min, PARTITION_MS.max);
  // The first two are apart, so that there are two sides at least.
  const names = random.shuffle(world.people.map(({ name }) => name));
  const sides = random.integer(2, Math.max(2, names.length));
  const shape: Cut = new Map(names.map((name, i) => [name, i < 2 ? i + 1 : random.integer(1, sides)]));
  const isOneWay = random.integer(1, 4) === 1;
  world.count("partitions");
  world.note(
    "network",
    () =>
      `parts${isOneWay ? " one way" : ""} for ${ms} ms: ${[...shape].map((entry) => entry.join("→")).join(" ")}`,
  );
  const end = isOneWay ? world.links.cutOneWay(shape) : world.links.cut(shape);
  world.after(ms, () => {
    end();
    world.note("network", () => "a partition ends");
  });
}
