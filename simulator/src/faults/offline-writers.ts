import type { SeededRandom } from "@demls/testkit";
import type { Person } from "../world/person.js";
import type { World } from "../world/world.js";
import { endCuts } from "./cut.js";
import type { Fault } from "./fault.js";
import { activeMembers } from "../world/members.js";

/** Shortest and longest outage: longer than a transport keeps packets, and than a commit takes. */
const OUTAGE_MS = { min: 5_000, max: 1_200_000 };

/** Ways in which a member loses the others. */
const WAYS = [
  /** Its transport says that nobody is there. */
  "alone",
  /** Its transport rejects each packet. */
  "refused",
  /** Its transport accepts packets, which reach no other member; theirs reach it. */
  "unheard",
] as const;

/** Members write while they are offline. */
export const offlineWriters: Fault = (world, random, forMs) => {
  const outages = random.integer(2, 5);
  for (let i = 1; i <= outages; i++) {
    const own = random.fork(i);
    world.occur(`outage-${i}`, own.integer(0, forMs), () => beginOutage(world, own));
  }
  return () => endCuts(world);
};

function beginOutage(world: World, random: SeededRandom): void {
  const present = activeMembers(world);
  if (present.length === 0) return;
  const person = random.pick(present);
  const way = random.pick(WAYS);
  const { min, max } = OUTAGE_MS;
  // Each order of magnitude is equally likely.
  const ms = Math.round(min * (max / min) ** (random.integer(0, 1_000) / 1_000));
  world.count(`outages ${way}`);
  world.note(person.name, () => `is ${way} for ${ms} ms`);
  if (way === "alone") person.isAlone = true;
  if (way === "refused") person.isRefusing = true;
  const side = new Map([[person.name, 1]]);
  const end = way === "unheard" ? world.links.cutOneWay(side) : world.links.cut(side);
  for (let i = random.integer(1, 3); i > 0; i--)
    world.after(random.integer(0, ms), () => write(world, person));
  world.after(ms, () => {
    end();
    if (way === "alone") person.isAlone = false;
    if (way === "refused") person.isRefusing = false;
    world.note(person.name, () => "is online again");
  });
}

function write(world: World, person: Person): void {
  const text = person.diary.newText("written offline", person.name);
  const atMs = world.clock.monotonicMs();
  world.count("messages written offline");
  world.command(person, `writes "${text}"`, async () => {
    await person.conversation?.send(text);
    person.diary.noteSent(text, atMs);
  });
}
