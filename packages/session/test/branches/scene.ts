import {
  additionOf,
  approve,
  epochOf,
  fork,
  gather,
  part,
  rolesOf,
  runFor,
  runUntil,
  stranger,
  type Member,
  type World,
} from "../harness/index.js";

export const HOUR_MS = 3_600_000;

/** Time in which members that meet again agree. */
const MEETING_MS = HOUR_MS / 4;

/** Members of a world by their roles. */
export interface Roles {
  readonly world: World;
  readonly steward: Member;
  readonly backup: Member;
  readonly one: Member;
  readonly two: Member;
  /** Only in a group of five. */
  readonly three: Member;
}

async function settled(...names: readonly string[]): Promise<World> {
  const { world } = await gather(names, { mode: "strict", fakes: true });
  await runFor(world, 60_000);
  return world;
}

const four = await settled("alice", "bob", "carol", "dave");
const five = await settled("alice", "bob", "carol", "dave", "erin");

/** A group of four or five members. */
export async function enter(size: 4 | 5): Promise<Roles> {
  const { world } = await fork(size === 4 ? four : five);
  const [steward, backup, one, two, three] = rolesOf(world);
  return { world, steward, backup, one, two, three };
}

export const forksOf = ({ state }: Member): readonly bigint[] => [...state.branches.forks.keys()];

let strangers = 0;

/** Lets members approve a change and commit it. */
export async function commit(world: World, members: readonly Member[]): Promise<void> {
  const before = members.map(epochOf);
  const addition = await additionOf(world, stranger((strangers += 1) % 200), "one");
  await approve({ ...world, members: [...members] }, addition);
  const haveMerged = (): boolean =>
    members.every((member, index) => epochOf(member) > (before[index] ?? Infinity));
  await runUntil(world, haveMerged, world.nowMs + 2 * HOUR_MS);
}

/**
 * Parts the network once a change is approved, and waits until each side has merged a commit of its own.
 *
 * @returns the epoch at whose end they part
 */
export async function branch(world: World, side: readonly Member[]): Promise<bigint> {
  await approve(world, await additionOf(world, stranger(201), "one"));
  const at = epochOf(world.members[0] as Member);
  part(world, side);
  await runUntil(world, () => world.members.every((member) => epochOf(member) > at));
  return at;
}

/** Connects all members, and waits. */
export async function meet(world: World): Promise<void> {
  world.arrives = () => true;
  await runFor(world, MEETING_MS);
}
