import type { SeededRandom } from "@demls/testkit";
import type { Person } from "../world/person.js";
import type { World } from "../world/world.js";
import { activeMembers } from "./actor.js";

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

/** Creates an actor: members talk, each about once in `everyMs`. */
export function chat(everyMs: number): (world: World, random: SeededRandom, forMs: number) => void {
  return (world, random, forMs) => {
    const endMs = world.clock.monotonicMs() + forMs;
    const next = (): void => {
      const speakers = activeMembers(world);
      const ms = random.integer(1, Math.ceil((2 * everyMs) / Math.max(1, speakers.length)));
      if (world.clock.monotonicMs() + ms > endMs) return;
      world.after(ms, () => {
        const present = activeMembers(world);
        if (present.length > 0) say(world, random.pick(present), "small talk");
        next();
      });
    };
    next();
  };
}
