import { APP_MSG_SUBTOPIC, type Packet } from "@demls/wire/core";
import type { Fault } from "../fault.js";
import { ACTS } from "./acts.js";
import { commitIn, everyone, type Mischief } from "./mischief.js";
import { answer, REACTIONS } from "./reactions.js";

/** Packets of others that a hostile member keeps to replay, the newest ones. */
const KEPT = 300;

/**
 * One member is hostile, with the keys of a member and of no other. In reaction to its library, it chooses twice, sends
 * two commits, withholds packets and serves lies. Now and then it reports false heights, replays, floods, dates votes
 * back, and commits changes that were not approved.
 */
export const hostile: Fault = (world, random, forMs) => {
  const person = world.people.find(({ puppet }) => puppet !== undefined);
  if (person === undefined) return () => undefined;
  const mischief: Mischief = { world, person, random, kept: [], commits: [], halves: new Map() };
  const traits = Object.keys(REACTIONS).filter((trait) => random.fork(trait).integer(0, 1) === 1);
  world.note(person.name, () => `is hostile: ${traits.join(", ")}`);
  let reactions = 0;
  person.intercept = async (packet) => {
    for (const trait of traits) {
      const own = random.fork(`reaction ${++reactions}`);
      const sendings = await REACTIONS[trait]?.({ ...mischief, random: own }, packet);
      if (sendings === undefined || !world.plan.has(`${trait}-${reactions}`)) continue;
      world.note(person.name, () => `${trait}: ${sendings.length} for ${world.records.nameOf(packet)}`);
      world.count(`hostile ${trait}`);
      return sendings;
    }
    return [{ packet, to: everyone }];
  };
  person.overhear = (packet) => {
    keep(mischief, packet);
    if (traits.includes("lies")) void answer(mischief, random.fork(`answer ${++reactions}`), packet);
  };
  const acts = random.integer(2, 8);
  for (let i = 1; i <= acts; i++) {
    const own = random.fork(i);
    const name = own.pick(Object.keys(ACTS));
    world.occur(`${name}-${i}`, own.integer(0, forMs), () => {
      world.count(`hostile ${name}`);
      world.command(person, `hostile: ${name}`, async () => ACTS[name]?.({ ...mischief, random: own }));
    });
  }
  return () => {
    person.intercept = undefined;
    person.overhear = undefined;
  };
};

function keep({ kept, commits }: Mischief, packet: Packet): void {
  kept.push(packet);
  if (kept.length > KEPT) kept.shift();
  const hash = packet.subtopic === APP_MSG_SUBTOPIC ? commitIn(packet) : undefined;
  if (hash !== undefined) commits.push(hash);
}
