import type { SeededRandom } from "@demls/testkit";
import { createJoiners, type Joiners } from "../world/joiners.js";
import { activeMembers, isMember } from "../world/members.js";
import type { Person } from "../world/person.js";
import type { World } from "../world/world.js";
import type { Fault } from "./fault.js";

const MINUTE_MS = 60_000;

/** Shortest and longest partition: from `awayMs` to more than the time for which forks are kept. */
const PARTITION_MS = { min: 5 * MINUTE_MS, max: 30 * 60 * MINUTE_MS };
/** Time before the partition. */
const LEAD_MS = MINUTE_MS;

/** Counts that show in a run of several lives that each trait of this kind has taken effect. */
export const APART_TRAITS = [
  "equal partitions",
  "unequal partitions",
  "partitions longer than a day",
  "joins apart",
  "bans apart",
  "leaves apart",
  "renewals apart",
  "provisional merges",
  "members let in on both sides",
] as const;

const ACTS = ["join", "join", "ban", "leave", "renewal"] as const;

/** Duration of the partition with the time before it; each order of magnitude is equally likely. */
export function apartMs(random: SeededRandom): number {
  const { min, max } = PARTITION_MS;
  return LEAD_MS + Math.round(min * (max / min) ** (random.integer(0, 1_000) / 1_000));
}

/** Two sides are apart until the end. Each of them lets members in, bans, loses some and renews keys meanwhile. */
export const apart: Fault = (world, random, forMs) => {
  const joiners = createJoiners(world, random.fork("joiners"));
  const shape = new Map<string, number>();
  let end = (): void => undefined;
  world.after(LEAD_MS, () => {
    const members = random.fork("sides").shuffle(activeMembers(world));
    const isEqual = random.integer(0, 1) === 1;
    const first = isEqual ? Math.ceil(members.length / 2) : random.integer(1, members.length - 1);
    for (const [i, { name }] of members.entries()) shape.set(name, i < first ? 1 : 2);
    world.count(2 * first === members.length ? "equal partitions" : "unequal partitions");
    if (forMs > 24 * 60 * MINUTE_MS) world.count("partitions longer than a day");
    world.note("network", () => `parts: ${[...shape].map((entry) => entry.join("→")).join(" ")}`);
    end = world.links.cut(shape);
    watchEffects(world, shape);
  });
  const restMs = forMs - LEAD_MS;
  for (const side of [1, 2]) {
    const own = random.fork(`side ${side}`);
    const count = own.integer(1, 4);
    for (let i = 1; i <= count; i++) {
      const act = own.fork(i);
      // Early enough to be carried out on its side.
      const atMs = LEAD_MS + act.integer(1_000, Math.max(1_000, Math.round(0.8 * restMs)));
      world.occur(`side-${side}-${i}`, atMs, () => perform(world, act, { side, shape, joiners }));
    }
  }
  return () => {
    end();
    shape.clear();
    world.note("network", () => "the partition ends");
  };
};

interface Place {
  readonly side: number;
  readonly shape: Map<string, number>;
  readonly joiners: Joiners;
}

/** A member of a side changes the group, or a new one comes to it. */
function perform(world: World, random: SeededRandom, { side, shape, joiners }: Place): void {
  const present = activeMembers(world).filter(({ name }) => shape.get(name) === side);
  const kind = random.pick(ACTS);
  if (kind === "join") {
    const place = (name: string): void => void shape.set(name, side);
    void world.enter({ place }).then((person) => joiners.join(person));
    return;
  }
  if (present.length === 0) return;
  const person = random.pick(present);
  if (kind === "ban") return ban(world, random, person);
  if (kind === "leave")
    return world.command(person, "leaves", async () => person.conversation?.leave().accepted);
  world.command(person, "renews its keys", async () => person.conversation?.renewKeys());
}

function ban(world: World, random: SeededRandom, person: Person): void {
  const others = (person.conversation?.state.members ?? []).filter(({ id }) => id !== person.id);
  if (others.length === 0) return;
  const { id } = random.pick(others);
  const name = world.people.find((other) => other.id === id)?.name;
  world.command(person, `bans ${name}`, async () => person.conversation?.proposeRemove(id).accepted);
}

/** Counts changes that take effect while the sides are apart. */
function watchEffects(world: World, shape: ReadonlyMap<string, number>): void {
  const letIn = new Set<number>();
  world.onEvent((person, event) => {
    const side = shape.get(person.name);
    if (side === undefined || !isMember(person)) return;
    if (event.kind === "keysRenewed") world.count("renewals apart");
    if (event.kind !== "commitApplied") return;
    for (const { request, proposalId } of event.changes) {
      if (request.kind === "remove")
        world.count(world.records.isLeave(proposalId) ? "leaves apart" : "bans apart");
      if (request.kind !== "add") continue;
      world.count("joins apart");
      if (!letIn.has(side) && letIn.add(side).size === 2) world.count("members let in on both sides");
    }
  });
}
