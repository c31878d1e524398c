import type { Fault } from "./fault.js";

/** Resolution of shares: a millionth. */
const STEPS = 1_000_000;

/** Every route loses a share of its packets. */
export const loss: Fault = (world, random, _forMs, settings) => {
  const published = new Map<string, number>();
  return world.routes.dropIf((packet, from, to) => {
    const route = `${numberOf(from)}-${numberOf(to)}`;
    const count = (published.get(route) ?? 0) + 1;
    published.set(route, count);
    const name = `loss-${route}-${count}`;
    if (random.fork(name).integer(0, STEPS - 1) >= settings.loss * STEPS || !world.plan.has(name))
      return false;
    world.note("network", () => `${name} loses ${world.records.nameOf(packet)} of ${from} to ${to}`);
    return true;
  });
};

function numberOf(name: string): string {
  return name.replace("member-", "");
}
