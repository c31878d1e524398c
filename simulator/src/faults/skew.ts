import type { Fault } from "./fault.js";

const SKEW_MS = 60_000;

/** Wall clocks differ by up to a minute from the world's, and jump. */
export const skew: Fault = (world, random, forMs) => {
  const skewed = (): number => random.integer(-SKEW_MS, SKEW_MS);
  for (const person of world.people) person.wallSkewMs = skewed();
  const jumps = random.integer(1, 2 * world.people.length);
  for (let i = 0; i < jumps; i++)
    world.after(random.integer(0, forMs), () => {
      const person = random.pick(world.people);
      person.wallSkewMs = skewed();
      world.count("clock jumps");
      world.note(person.name, () => `its wall clock is now off by ${person.wallSkewMs} ms`);
    });
  return () => {
    for (const person of world.people) person.wallSkewMs = 0;
  };
};
