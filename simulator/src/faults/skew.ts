import type { Fault } from "./fault.js";

const SKEW_MS = 60_000;

/** Wall clocks differ by up to a minute from the world's, and jump. */
export const skew: Fault = (world, random, forMs) => {
  for (const person of world.people) {
    const name = person.name.replace("member", "skew");
    const skewMs = random.fork(name).integer(-SKEW_MS, SKEW_MS);
    if (world.plan.has(name)) person.wallSkewMs = skewMs;
  }
  const jumps = random.integer(1, 2 * world.people.length);
  for (let i = 1; i <= jumps; i++) {
    const own = random.fork(i);
    world.occur(`jump-${i}`, own.integer(0, forMs), () => {
      const person = own.pick(world.people);
      person.wallSkewMs = own.integer(-SKEW_MS, SKEW_MS);
      world.count("clock jumps");
      world.note(person.name, () => `its wall clock is now off by ${person.wallSkewMs} ms`);
    });
  }
  return () => {
    for (const person of world.people) person.wallSkewMs = 0;
  };
};
