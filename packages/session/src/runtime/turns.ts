import type { Clock } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";
import { withinTime } from "./time-limit.js";

/** Turns of conversations, a few at a time: the application, packets and timers come in between. */
export interface Turns {
  /** Gives each a turn, in this order, from the next time that the clock wakes on. */
  begin(names: readonly string[]): void;
  /** Moves a conversation that waits before those that nobody has preferred. */
  prefer(name: string): void;
}

/** @param take - the turn of a conversation. The next one's begins when it settles. */
export function createTurns(clock: Clock, ending: AbortSignal, take: (name: string) => Promise<void>): Turns {
  const waiting = new Set<string>();
  const preferred: string[] = [];

  function next(): string | undefined {
    const name = preferred.shift() ?? waiting.values().next().value;
    if (name !== undefined) waiting.delete(name);
    return ending.aborted ? undefined : name;
  }

  async function takeAll(): Promise<void> {
    for (let name = next(); name !== undefined; name = next()) {
      await take(name).catch(() => undefined);
      await withinTime(undefined, clock, 0, ending);
    }
  }

  return {
    begin(names) {
      if (names.length === 0) return;
      for (const name of names) waiting.add(name);
      clock.wakeAt(clock.monotonicMs(), () => {
        for (let turn = 0; turn < LIMITS.turnsAtOnce; turn++) void takeAll();
      });
    },
    prefer(name) {
      if (waiting.delete(name)) preferred.push(name);
    },
  };
}
