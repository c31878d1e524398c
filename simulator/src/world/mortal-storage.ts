import type { Storage } from "@demls/wire/core";

/**
 * How a process dies at a write: before the storage has it, after the storage has it, or, for `lost`, before the storage
 * has it and the batch before it, which was acknowledged.
 */
export type DeathMoment = "before" | "after" | "lost";

/** A storage whose process can die at a write: no later operation ever settles. */
export interface MortalStorage extends Storage {
  /** Lets the process die at one of the next writes, counted from 1. */
  arm(write: number, moment: DeathMoment): void;
  /** Cancels a death that has not happened. */
  disarm(): void;
}

/** @param onDeath called at the moment of death. */
export function createMortalStorage(kept: Storage, onDeath: () => void): MortalStorage {
  let death: { writesLeft: number; readonly moment: DeathMoment } | undefined;
  /** An acknowledged batch that a crash would lose. */
  let unsynced: Parameters<Storage["write"]>[0] = [];
  let isDead = false;
  const never = (): Promise<never> => new Promise(() => undefined);

  async function sync(): Promise<void> {
    const batch = unsynced;
    unsynced = [];
    if (batch.length > 0) await kept.write(batch);
  }

  return {
    arm(write, moment) {
      death = { writesLeft: moment === "lost" ? write + 1 : write, moment };
    },
    disarm() {
      death = undefined;
    },
    async write(batch) {
      if (isDead) return never();
      if (death !== undefined) death.writesLeft -= 1;
      if (death?.writesLeft === 1 && death.moment === "lost") {
        unsynced = batch;
        return;
      }
      if (death?.writesLeft !== 0) {
        await sync();
        return kept.write(batch);
      }
      isDead = true;
      if (death.moment === "after") await kept.write(batch);
      onDeath();
      return never();
    },
    async scan(namespace, prefix) {
      if (isDead) return never();
      await sync();
      return kept.scan(namespace, prefix);
    },
  };
}
