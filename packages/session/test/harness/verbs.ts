import type { Storage } from "@demls/wire/core";
import type { Conversation } from "../../src/index.js";
import { gatherWorld, type Gathering } from "./gather.js";
import { enterWorld } from "./members.js";
import type { Person, Scene } from "./scene.js";
import { deliver, runFor, runUntil, type Member, type World, type WorldOptions } from "./world.js";

/** Somebody who is in no conversation yet: a member that waits to be let in, or a user. */
export function enter(world: World, name: string): Promise<Member>;
/** @param storage - keeps the user, where it is to be kept. */
export function enter(scene: Scene, name: string, storage?: Storage): Promise<Person>;
export function enter(where: World | Scene, name: string, storage?: Storage): Promise<Member | Person> {
  return isScene(where) ? where.enter(name, storage) : enterWorld(where, name);
}

/** A settled conversation in a new world: the first creates it, the others join one by one. */
export function gather(names: readonly string[], options?: WorldOptions): Promise<Gathering>;
/** A settled conversation of a scene: the first creates it, the others join it together. */
export function gather(
  scene: Scene,
  conversation: string,
  ...people: readonly [Person, ...Person[]]
): Promise<Conversation[]>;
export function gather(
  where: readonly string[] | Scene,
  given: WorldOptions | string = {},
  ...people: readonly Person[]
): Promise<Gathering | Conversation[]> {
  if (!("enter" in where)) return gatherWorld(where, given as WorldOptions);
  return where.gather(given as string, ...(people as readonly [Person, ...Person[]]));
}

/** Has everyone do what is to be done at this instant, without letting time pass. */
export function settle(where: World | Scene): Promise<void> {
  return isScene(where) ? where.settle() : deliver(where);
}

/** Lets so much time pass. */
export async function advance(where: World | Scene, ms: number): Promise<void> {
  await (isScene(where) ? where.clock.advance(ms) : runFor(where, ms));
}

/**
 * Lets time pass until something is so; fails where it has not come about within a quarter of an hour.
 *
 * @param endMs of a world's clock: where it ends at the latest, and then it is no error.
 */
export function until(world: World, isSo: () => boolean, endMs?: number): Promise<void>;
export function until(scene: Scene, isSo: () => boolean): Promise<void>;
export function until(where: World | Scene, isSo: () => boolean, endMs?: number): Promise<void> {
  return isScene(where) ? where.until(isSo) : runUntil(where, isSo, endMs);
}

function isScene(where: World | Scene): where is Scene {
  return "enter" in where;
}
