import type { Storage } from "@demls/wire/core";
import type { Conversation } from "../../src/index.js";
import { gatherWorld, type Gathering } from "./gather.js";
import { enterWorld } from "./members.js";
import type { ConversationsOf, Person, Scene } from "./scene.js";
import { deliver, runFor, runUntil, type Member, type World, type WorldOptions } from "./world.js";

/** A pending member, or a user. */
export function enter(world: World, name: string): Promise<Member>;
/** @param storage - storage of the user, if any. */
export function enter(scene: Scene, name: string, storage?: Storage): Promise<Person>;
export function enter(where: World | Scene, name: string, storage?: Storage): Promise<Member | Person> {
  return isScene(where) ? where.enter(name, storage) : enterWorld(where, name);
}

/** A settled conversation in a new world: the first member creates it, the others join one by one. */
export function gather(names: readonly string[], options?: WorldOptions): Promise<Gathering>;
/** A settled conversation of a scene: the first user creates it, the others join together. */
export function gather<People extends readonly Person[]>(
  scene: Scene,
  conversation: string,
  ...people: People
): Promise<ConversationsOf<People>>;
export function gather(
  where: readonly string[] | Scene,
  given: WorldOptions | string = {},
  ...people: readonly Person[]
): Promise<Gathering | readonly Conversation[]> {
  if (!("enter" in where)) return gatherWorld(where, given as WorldOptions);
  return where.gather(given as string, ...people);
}

/** Runs everything that is due now, without advancing time. */
export function settle(where: World | Scene): Promise<void> {
  return isScene(where) ? where.settle() : deliver(where);
}

/** Advances time. */
export async function advance(where: World | Scene, ms: number): Promise<void> {
  await (isScene(where) ? where.clock.advance(ms) : runFor(where, ms));
}

/**
 * Advances time until a condition holds; fails after a quarter of an hour.
 *
 * @param endMs latest time of a world's clock, at which waiting ends without an error.
 */
export function until(world: World, isSo: () => boolean, endMs?: number): Promise<void>;
export function until(scene: Scene, isSo: () => boolean): Promise<void>;
export function until(where: World | Scene, isSo: () => boolean, endMs?: number): Promise<void> {
  return isScene(where) ? where.until(isSo) : runUntil(where, isSo, endMs);
}

function isScene(where: World | Scene): where is Scene {
  return "enter" in where;
}
