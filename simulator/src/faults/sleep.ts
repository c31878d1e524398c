import type { Fault } from "./fault.js";

const SLEEP_MS = { min: 60_000, max: 1_200_000 };

/** Members' devices sleep: timers, the monotonic clock and the network stand still, and the wall clock runs. */
export const sleep: Fault = (world, random, forMs) => {
  const sleeps = random.integer(1, 3);
  for (let i = 1; i <= sleeps; i++) {
    const own = random.fork(i);
    world.occur(`sleep-${i}`, own.integer(0, forMs), () => {
      const person = own.pick(world.people);
      const ms = own.integer(SLEEP_MS.min, SLEEP_MS.max);
      if (!person.isAwake) return;
      world.count("sleeps");
      world.note(person.name, () => `sleeps for ${ms} ms`);
      person.sleep();
      world.after(ms, () => {
        world.note(person.name, () => "wakes");
        person.wake();
      });
    });
  }
  return () => {
    for (const person of world.people) person.wake();
  };
};
