import type { Storage, StorageOperation } from "@demls/wire/core";

/**
 * Moment of a process's death at a write: `before` the storage has the batch, `after` it, or `lost`: before it, and the
 * acknowledged batch before it is lost too, as in a power failure without a flush.
 */
export type DeathMoment = "before" | "after" | "lost";

/** A storage whose process can die at a write: from then on no operation settles. */
export interface MortalStorage extends Storage {
  /** Number of requested writes. */
  readonly writes: number;
  /**
   * Lets the process die at a later write, counted from 1 for the next one; with `lost`, that write is the one that is
   * acknowledged and lost, and the process dies at the one after it. Replaces a death that has not happened.
   */
  arm(write: number, moment: DeathMoment): void;
  /** Cancels a death that has not happened; no batch is lost then. */
  disarm(): void;
}

/**
 * Wraps a storage for tests of crashes. Pass `kept` to the next process, wrapped again.
 *
 * @param kept the records that outlive the process.
 * @param onDeath called at the moment of death. Stop the clock and the transport of the process there.
 *
 * @example
 * ```ts
 * const disk = createMemoryStorage();
 * const storage = createMortalStorage(disk, () => console.log("dead"));
 * storage.arm(3, "after");
 * ```
 */
export function createMortalStorage(kept: Storage, onDeath: () => void): MortalStorage {
  let death: { writesLeft: number; readonly moment: DeathMoment } | undefined;
  /** Acknowledged batch that a death would lose. */
  let unflushed: readonly StorageOperation[] = [];
  let writes = 0;
  let isDead = false;
  const never = (): Promise<never> => new Promise(() => undefined);

  async function flush(): Promise<void> {
    const batch = unflushed;
    unflushed = [];
    if (batch.length > 0) await kept.write(batch);
  }

  async function dieAt(batch: readonly StorageOperation[], moment: DeathMoment): Promise<never> {
    isDead = true;
    if (moment === "after") await kept.write(batch);
    onDeath();
    return never();
  }

  return {
    get writes() {
      return writes;
    },
    arm(write, moment) {
      death = { writesLeft: moment === "lost" ? write + 1 : write, moment };
    },
    disarm() {
      death = undefined;
    },
    async write(batch) {
      if (isDead) return never();
      writes += 1;
      if (death !== undefined) {
        death.writesLeft -= 1;
        if (death.writesLeft === 0) return dieAt(batch, death.moment);
        if (death.writesLeft === 1 && death.moment === "lost") {
          // The batch of a death that was replaced is not the last any more.
          await flush();
          // Writers wipe the values of an acknowledged batch.
          unflushed = batch.map((operation) =>
            operation.kind === "put" ? { ...operation, value: operation.value.slice() } : operation,
          );
          return;
        }
      }
      await flush();
      return kept.write(batch);
    },
    async scan(namespace, options) {
      if (isDead) return never();
      await flush();
      return kept.scan(namespace, options);
    },
  };
}
