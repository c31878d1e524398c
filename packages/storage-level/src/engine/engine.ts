import type { ScanOptions } from "@demls/wire/core";

/** Place of a record. */
export interface Place {
  readonly namespace: string;
  readonly key: string;
}

/** A record as the database has it: its value is checked, see `checked-value.ts`. */
export interface Entry extends Place {
  readonly value: Uint8Array;
}

/** Change of a record: its new value, or `undefined` to delete it. */
export interface Change extends Place {
  readonly value: Uint8Array | undefined;
}

/** A database that is open for this process or tab alone. Its errors are those of `storage-errors.ts`, or its own. */
export interface Engine {
  /** Batches that the store has had at least, by a note beside the database; 0 without one. */
  readonly notedBatches: number;
  /** The head, which each batch replaces; `undefined` if there is none. */
  head(): Promise<Uint8Array | undefined>;
  /** The values at these places. */
  values(places: readonly Place[]): Promise<readonly (Uint8Array | undefined)[]>;
  /** The records of a scan, in its order. */
  scan(namespace: string, options: ScanOptions): Promise<readonly Entry[]>;
  /** All records, in pages of bounded size. */
  pages(): AsyncIterable<readonly Entry[]>;
  /**
   * Writes changes of different places and the head, all or nothing.
   *
   * @param isFlushed whether to resolve only when the batch survives the machine
   */
  write(changes: readonly Change[], head: Uint8Array, isFlushed: boolean): Promise<void>;
  /** Notes beside the database that the store has had so many batches, all of which survive the machine. */
  noteBatches(batches: number): Promise<void>;
  /** Closes the database, and frees it for others. */
  close(): Promise<void>;
}

/** Settings of an engine. */
export interface EngineOptions {
  readonly createIfMissing: boolean;
  readonly takeOver: boolean;
  /** Head of a new store. */
  readonly firstHead: Uint8Array;
}

/**
 * Opens a store, or creates it with its first head.
 *
 * @throws DemlsError `storage-missing`, `storage-foreign`, `storage-in-use`, `storage-damaged`, `storage-unwritable`,
 *   `storage-unsupported`.
 */
export type OpenEngine = (location: string, options: EngineOptions) => Promise<Engine>;
