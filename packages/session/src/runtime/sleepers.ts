import { DemlsError, type Clock } from "@demls/wire/core";
import { corruptStorage } from "../storage/corrupt-storage.js";
import type { DriverStart } from "./driver-context.js";
import type { KeptMember } from "./restore-user.js";
import { createTurns } from "./turns.js";

/** Stored conversations that are not restored yet: they sleep until a call or a packet needs them, or their turn comes. */
export interface Sleepers<Entry> {
  /** Takes conversations, whose turns begin when the clock wakes next. */
  keep(members: readonly KeptMember[]): void;
  /**
   * Restores a conversation; `undefined` unless it sleeps.
   *
   * @throws DemlsError `corrupt-storage` if its records cannot be read. It sleeps on.
   */
  wake(name: string): Entry | undefined;
  /** Zeroes their records, and restores none from now on. @returns their names. */
  close(): readonly string[];
}

/**
 * @param enter - registers a restored conversation.
 * @param resume - lets a conversation, restored or not, do what is due, and resolves when that is stored.
 */
export function createSleepers<Entry>(
  { clock, ending }: { readonly clock: Clock; readonly ending: AbortSignal },
  enter: (start: DriverStart) => Entry,
  resume: (name: string) => Promise<void>,
): Sleepers<Entry> {
  const asleep = new Map<string, KeptMember>();
  const turns = createTurns(clock, ending, resume);
  return {
    keep(members) {
      for (const member of members) asleep.set(member.name, member);
      turns.begin(members.map(({ name }) => name));
    },

    wake(name) {
      const member = asleep.get(name);
      if (member === undefined) return undefined;
      try {
        const entry = enter(member.start());
        asleep.delete(name);
        turns.prefer(name);
        return entry;
      } catch (error) {
        // Readable records may still contain values that a plug-in rejects.
        throw error instanceof DemlsError ? error : corruptStorage(error);
      }
    },

    close() {
      const names = [...asleep.keys()];
      for (const { wipe } of asleep.values()) wipe();
      asleep.clear();
      return names;
    },
  };
}
