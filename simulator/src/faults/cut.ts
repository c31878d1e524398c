import type { SeededRandom } from "@demls/testkit";
import type { Cut } from "../world/links.js";
import type { World } from "../world/world.js";
import type { Fault } from "./fault.js";

const OUTAGE_MS = { min: 2_000, max: 240_000 };
const PARTITION_MS = { min: 2_000, max: 180_000 };

/** Members lose the network, and partitions of any shape come and go. */
export const cut: Fault = (world, random, forMs) => {
  const outages = random.integer(1, 5);
  const partitions = random.integer(1, 2);
  for (let i = 0; i < outages; i++)
    world.after(random.integer(0, forMs), () => beginOutage(world, random.fork(`outage ${i}`)));
  for (let i = 0; i < partitions; i++)
    world.after(random.integer(0, forMs), () => beginPartition(world, random.fork(`partition ${i}`)));
  return () => {
    world.links.heal();
    for (const person of world.people) person.isRefusing = false;
  };
};

/** Half of the outages are noticed by the transport, which then rejects packets. */
function beginOutage(world: World, random: SeededRandom): void {
  const person = random.pick(world.people);
  const ms = random.integer(OUTAGE_MS.min, OUTAGE_MS.max);
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
  const sides = random.integer(2, 3);
  // The first two are apart, so that there are two sides at least.
  const names = random.shuffle(world.people.map(({ name }) => name));
  const shape: Cut = new Map(names.map((name, i) => [name, i < 2 ? i + 1 : random.integer(1, sides)]));
  world.count("partitions");
  world.note("network", () => `parts for ${ms} ms: ${[...shape].map((entry) => entry.join("→")).join(" ")}`);
  const end = world.links.cut(shape);
  world.after(ms, () => {
    end();
    world.note("network", () => "a partition ends");
  });
}
