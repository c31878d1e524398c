import { JOIN_SUBTOPIC, WELCOME_SUBTOPIC } from "@demls/wire/core";
import { isMember } from "../../world/members.js";
import type { Person } from "../../world/person.js";
import type { World } from "../../world/world.js";
import type { Fault } from "../fault.js";
import { createGuests, type Guests } from "../guests.js";
import { ACTS, answerProbe, type Gang } from "./acts.js";

/** Packets of joins that the gang keeps to replay, the newest ones. */
const KEPT = 300;
const HONEST_LINES = { min: 1, max: 2 };

/**
 * A hostile member and strangers attack the door, while honest guests come in by lines of honest members. The gang redeems
 * lines more often than they allow, lets in any number of its own, votes for the removal of honest members, for emergencies and elections,
 * copies the group, answers probes with lies, forges notices and replays all packets of joins.
 */
export const intruders: Fault = (world, random, forMs) => {
  const leader = world.people.find(({ puppet }) => puppet !== undefined);
  if (leader === undefined) return () => undefined;
  const guests = createGuests(world);
  const gang: Gang = { world, random, leader, guests, people: [leader], kept: [], copiers: [] };
  let isOver = false;
  world.onPacket((packet, from) => {
    if (packet.subtopic !== WELCOME_SUBTOPIC && packet.subtopic !== JOIN_SUBTOPIC) return;
    gang.kept.push(packet);
    if (gang.kept.length > KEPT) gang.kept.shift();
    if (!isOver && from.puppet === undefined && packet.subtopic === JOIN_SUBTOPIC)
      void answerProbe(gang, packet);
  });
  world.onEvent((person, event) => {
    if (event.kind !== "voteRequested" || event.request.kind === "add" || !gang.people.includes(person))
      return;
    world.command(person, "votes against the others", async () =>
      person.conversation?.vote(event.proposalId, true),
    );
  });
  letInGuests(world, random, forMs, guests);
  const acts = random.integer(3, 9);
  for (let i = 1; i <= acts; i++) {
    const own = random.fork(i);
    const name = own.pick(Object.keys(ACTS));
    world.occur(`${name}-${i}`, own.integer(0, forMs), () => {
      world.count(`intruders ${name}`);
      world.command(leader, `intruders: ${name}`, async () => ACTS[name]?.({ ...gang, random: own }));
    });
  }
  return () => {
    isOver = true;
    // Their libraries would ask for their places in the group again and again.
    for (const copier of gang.copiers) copier.sleep();
    guests.tryOnceMore();
  };
};

/** Honest members issue lines, by which honest guests come. */
function letInGuests(world: World, random: World["random"], forMs: number, guests: Guests): void {
  const lines = random.integer(HONEST_LINES.min, HONEST_LINES.max);
  for (let i = 1; i <= lines; i++) {
    const own = random.fork(`line ${i}`);
    world.occur(`line-${i}`, own.integer(0, forMs / 3), () => {
      const honest = (person: Person): boolean => person.puppet === undefined && isMember(person);
      const inviter = own.pick(world.people.filter(honest));
      void guests.issue(inviter, own.integer(1, 2)).then((line) => {
        if (line === undefined) return;
        const delayMs = own.integer(500, 600_000);
        world.occur(`guest-${i}`, delayMs, () => void guests.come(line, own.fork("guest")));
      });
    });
  }
}
