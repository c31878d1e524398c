import type { Fault } from "../fault.js";
import { everyone, type Mischief } from "./mischief.js";
import { REACTIONS } from "./reactions.js";

/** Renewals of its keys that the hostile member asks for; its library waits between two. */
const RENEWALS = 3;

/**
 * One member is hostile: of each commit of its own it sends a twin to half of the others, and the same choice to each half. It
 * renews its keys, so that it commits even if it is no steward.
 */
export const equivocates: Fault = (world, random, forMs) => {
  const person = world.people.find(({ puppet }) => puppet !== undefined);
  if (person === undefined) return () => undefined;
  const mischief: Mischief = { world, person, random, kept: [], commits: [], halves: new Map() };
  let reactions = 0;
  let fired = 0;
  person.intercept = async (packet) => {
    const own = random.fork(`reaction ${++reactions}`);
    const sendings = await REACTIONS["equivocates"]?.({ ...mischief, random: own }, packet);
    if (sendings === undefined) return [{ packet, to: everyone }];
    fired += 1;
    world.count("hostile equivocates");
    world.note(person.name, () => `equivocates: ${world.records.nameOf(packet)}`);
    return sendings;
  };
  for (let i = 1; i <= RENEWALS; i++)
    world.occur(`own-renewal-${i}`, random.fork(i).integer(0, forMs / 2), () =>
      world.command(person, "renews its keys", async () => person.conversation?.renewKeys()),
    );
  return () => {
    person.intercept = undefined;
    if (fired === 0) world.violate(`${person.name} has had no occasion to equivocate`);
  };
};
