import { investigate } from "./parting.js";
import type { Line } from "./peer.js";
import { isAtRest, standing } from "./state.js";
import type { Member, World } from "./world.js";

/** How long members may take to agree. Several votes, freezes and elections may lie between. */
const PATIENCE_MS = 15_000;
const LOOK_EVERY_MS = 40;

/**
 * Waits until `members` are at rest in one epoch with the same members and stewards, and then lets
 * each say something to each, which only those with the same keys can read.
 *
 * @throws Parting where they do not agree in time.
 */
export async function expectAgreement(world: World, members: readonly Member[]): Promise<void> {
  await until(
    async () => {
      const states = await Promise.all(members.map((member) => world.state(member)));
      const standings = new Set(states.map((state) => state && standing(state)));
      return (
        standings.size === 1 &&
        states.every((state) => state?.members.length === members.length && isAtRest(state))
      );
    },
    () => investigate(world, members, "No agreement"),
  );
  await expectKeysShared(world, members);
  world.noteAgreement();
}

/** Each member says something that every other must read. */
async function expectKeysShared(world: World, members: readonly Member[]): Promise<void> {
  const said = new Map(members.map((member) => [member, `${member.name} at ${world.log.length}`]));
  for (const [member, text] of said) await world.call(member, "send_message", { text });
  await until(
    async () =>
      members.every((reader) =>
        [...said].every(([writer, text]) => writer === reader || reader.read.includes(text)),
      ),
    () => investigate(world, members, "Not everyone read everyone"),
  );
}

/** Waits for a member to be out of the conversation. @throws Parting where it is not in time. */
export async function expectGone(world: World, member: Member): Promise<void> {
  await until(
    async () => (await world.state(member)) === undefined,
    async () => investigate(world, await world.present(), `${member.name} is still in`),
  );
}

/**
 * Waits until `wanted` finds something in a line of `member` that is printed after the first `since`.
 *
 * @throws Parting where it does not in time.
 */
export async function expectLine<T>(
  world: World,
  member: Member,
  since: number,
  wanted: (line: Line) => T | undefined,
): Promise<T> {
  let found: T | undefined;
  await until(
    async () => {
      for (const line of member.lines.slice(since)) found ??= wanted(line);
      return found !== undefined;
    },
    async () => investigate(world, await world.present(), `${member.name} does not say what is waited for`),
  );
  return found as T;
}

async function until(condition: () => Promise<boolean>, failure: () => Promise<Error>): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (performance.now() > endMs) throw await failure();
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
