import type { SeededRandom } from "@demls/testkit";
import type { Person } from "../world/person.js";
import type { World } from "../world/world.js";
import { activeMembers } from "../world/members.js";
import type { Actor } from "./actor.js";

/** Sends a text that no other message has, and returns it. */
export function say(world: World, person: Person, topic: string): string {
  const { conversation, diary } = person;
  const text = diary.newText(topic, person.name);
  const atMs = world.clock.monotonicMs();
  world.command(person, `says "${text}"`, async () => {
    await conversation?.send(text);
    diary.noteSent(text, atMs);
  });
  return text;
}

/** Times that members talk in `forMs`, about. */
const TALKS = 40;

/** Members talk. */
export const chat: Actor = (world, random, forMs) => {
  talk(world, random, forMs, Math.floor(forMs / TALKS), (i) => world.plan.has(`chat-${i}`));
};

/** Members talk, each about once in `everyMs`. */
export function talk(
  world: World,
  random: SeededRandom,
  forMs: number,
  everyMs: number,
  isSaid: (i: number) => boolean = () => true,
): void {
  const endMs = world.clock.monotonicMs() + forMs;
  const next = (i: number): void => {
    const own = random.fork(i);
    const ms = own.integer(1, Math.ceil((2 * everyMs) / Math.max(1, activeMembers(world).length)));
    if (world.clock.monotonicMs() + ms > endMs) return;
    world.after(ms, () => {
      const present = activeMembers(world);
      if (present.length > 0 && isSaid(i)) say(world, own.pick(present), "small talk");
      next(i + 1);
    });
  };
  next(1);
}
