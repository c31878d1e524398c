import type { SeededRandom } from "@demls/testkit";
import { activeMembers } from "../world/members.js";
import type { Person } from "../world/person.js";
import type { World } from "../world/world.js";
import { startDeadAgain } from "./crash.js";
import { endCuts } from "./cut.js";
import type { Fault } from "./fault.js";
import { createGuests, type Guests } from "./guests.js";
import { loss } from "./loss.js";

const HOUR_MS = 3_600_000;
const OUTAGE_MS = { min: 30_000, max: 600_000 };
/** Guests that come at once, in one life of so many. */
const CROWD = 12;
const CROWDS = 5;
/** Share of the packets that is lost in half of the lives. */
const LOSS = 0.1;

/**
 * Guests join by lines of members. Deadlines and users cut their attempts at any step; in some lives, inviters are offline,
 * members and guests die, packets are lost, clocks of guests are off by an hour, or twelve come at once.
 */
export const joins: Fault = (world, random, forMs) => {
  let isOver = false;
  const has = (trait: string): boolean => random.fork(trait).integer(0, 1) === 1;
  const kills = has("kills") ? killer(world, random.fork("kills"), () => isOver) : undefined;
  const guests = createGuests(world, kills);
  const ends = [endCuts, startDeadAgain(world, random.fork("starts")), guests.tryOnceMore];
  if (has("loss")) world.count("lossy");
  if (has("loss")) ends.push(loss(world, random.fork("loss"), forMs, { loss: LOSS }));
  const [isOffline, isSkewed] = [has("offline"), has("clocks")];
  const isCrowd = random.fork("crowd").integer(1, CROWDS) === 1;
  const lines = isCrowd ? 1 : random.integer(1, 3);
  for (let i = 1; i <= lines; i++) {
    const own = random.fork(`line ${i}`);
    world.occur(`line-${i}`, own.integer(0, forMs / 2), () => {
      const inviter = own.pick(activeMembers(world));
      const uses = isCrowd ? CROWD : own.integer(1, 3);
      void invite(world, own, { guests, number: i, inviter, uses, isCrowd, isSkewed });
      if (isOffline) world.after(own.integer(0, 120_000), () => beOffline(world, own, inviter));
    });
  }
  return () => {
    isOver = true;
    for (const end of ends) end(world);
  };
};

interface Party {
  readonly guests: Guests;
  /** Number of the line. */
  readonly number: number;
  readonly inviter: Person;
  readonly uses: number;
  readonly isCrowd: boolean;
  readonly isSkewed: boolean;
}

/** A member issues a line, which is passed on to its guests, and in every third case to one more. */
async function invite(
  world: World,
  random: SeededRandom,
  { guests, number, inviter, uses, isCrowd, isSkewed }: Party,
): Promise<void> {
  const line = await guests.issue(inviter, uses);
  if (line === undefined) return;
  const count = uses + (random.integer(1, 3) === 1 ? 1 : 0);
  for (let i = 1; i <= count; i++) {
    const own = random.fork(`guest ${i}`);
    const skewMs = isSkewed && own.integer(0, 1) === 1 ? own.integer(-HOUR_MS, HOUR_MS) : 0;
    const delayMs = isCrowd ? 1_000 : own.integer(500, 300_000);
    world.occur(`guest-${number}-${i}`, delayMs, () => void guests.come(line, own, skewMs));
  }
}

function beOffline(world: World, random: SeededRandom, person: Person): void {
  const ms = random.integer(OUTAGE_MS.min, OUTAGE_MS.max);
  world.count("inviters offline");
  world.note(person.name, () => `is offline for ${ms} ms`);
  world.after(ms, world.links.cut(new Map([[person.name, 1]])));
}

/** Now and then, the member that has answered dies, or the guest that it has told. */
function killer(
  world: World,
  random: SeededRandom,
  isOver: () => boolean,
): NonNullable<Parameters<typeof createGuests>[1]> {
  let told = 0;
  return (guest, { partner, stage }) => {
    const own = random.fork((told += 1));
    const member = world.people.find(({ id }) => id === partner);
    const victim = own.integer(1, 4) === 1 ? guest : member;
    if (isOver() || victim === undefined || own.integer(1, 4) > 1 || !world.plan.has(`kill-${told}`)) return;
    world.note(victim.name, () => `dies soon: ${guest.name} is ${stage}`);
    victim.armDeath(own.integer(1, 3), own.pick(["before", "after"] as const));
  };
}
