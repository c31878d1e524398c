import { createMemoryStorage, type MemoryStorage } from "@demls/storage-memory";
import { createSeededRandom } from "@demls/testkit";
import { putRecord, type StorageOperation } from "@demls/wire/core";
import { encryptedStorage, type EncryptedStorage, type StorageSecret } from "../src/index.js";

/** A cost for tests, at which a guess takes no time. */
export const CHEAP = { n: 16, r: 1, p: 1 } as const;

export const PASSPHRASE: StorageSecret = { passphrase: "correct horse" };
export const KEY: StorageSecret = { key: new Uint8Array(32).fill(5) };

export const random = createSeededRandom("encrypted");

type EncryptionOptions = Parameters<typeof encryptedStorage>[1];
type Options = Partial<EncryptionOptions>;

/** Opens the encrypted records of a storage at a cheap cost, by default with {@link PASSPHRASE}. */
export function open(disk: MemoryStorage, options: Options = {}): Promise<EncryptedStorage> {
  const secret = options.key === undefined ? PASSPHRASE : {};
  return encryptedStorage(disk, { random, scrypt: CHEAP, ...secret, ...options });
}

export function note(key: string, ...bytes: readonly number[]): StorageOperation {
  return putRecord("notes", key, Uint8Array.from(bytes));
}

/** Keys and values of a namespace. */
export async function notesIn(
  storage: EncryptedStorage,
): Promise<Readonly<Record<string, readonly number[]>>> {
  return Object.fromEntries((await storage.scan("notes")).map(({ key, value }) => [key, [...value]]));
}

/** The records of a storage as they are kept, by key. */
export function kept(disk: MemoryStorage): Map<string, Uint8Array> {
  return new Map(
    disk.records().flatMap((each) => (each.kind === "put" ? [[each.key, each.value] as const] : [])),
  );
}

/** A storage with these records in the place of others. */
export function diskOf(records: ReadonlyMap<string, Uint8Array>): MemoryStorage {
  return createMemoryStorage({
    records: Array.from(records, ([key, value]) => putRecord("encrypted", key, value)),
  });
}
