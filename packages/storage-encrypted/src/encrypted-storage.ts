import {
  deleteRecord,
  isBytes,
  putRecord,
  type RandomSource,
  type Storage,
  type StorageOperation,
} from "@demls/wire/core";
import { newHead, sealHead } from "./head.js";
import {
  checkedCost,
  checkSecret,
  raisedCost,
  unwrapKey,
  wrapKey,
  type ScryptCost,
  type StorageSecret,
  type UnwrappedKey,
} from "./key-record.js";
import { loadRecords } from "./load-records.js";
import { HEAD, KEY, NAMESPACE, valueAt } from "./places.js";
import { createSealedRecords } from "./sealed-records.js";
import { createSealing, KEY_BYTES } from "./sealing.js";
import {
  invalidRecord,
  storageClosed,
  storageDamaged,
  storageInUse,
  storageMissing,
} from "./storage-errors.js";

/** Settings of {@link encryptedStorage} besides the secret. */
export interface EncryptedStorageOptions {
  /** Source of keys, salts and nonces: `platformRandom` of `demls`. */
  readonly random: RandomSource;
  /**
   * Whether to begin where nothing is encrypted yet. Pass `false` once there was something.
   *
   * @defaultValue `true`
   */
  readonly createIfMissing?: boolean;
  /**
   * Least cost of a guess of the passphrase. A storage whose cost is less is raised to it when it is opened.
   *
   * @defaultValue `{ n: 131_072, r: 8, p: 1 }`: 128 MiB
   */
  readonly scrypt?: Partial<ScryptCost>;
}

/** A {@link Storage} that encrypts the records of another one. */
export interface EncryptedStorage extends Storage {
  /**
   * Lets another secret open the storage, and the former one no more. The records are not encrypted anew: a copy of the
   * storage from before, with the former secret, still opens all records of both.
   *
   * @throws DemlsError `invalid-secret`, `storage-closed`.
   */
  changeSecret(secret: StorageSecret): Promise<void>;
  /** Waits for requested operations, and wipes the keys. The wrapped storage stays open. Idempotent. */
  close(): Promise<void>;
}

/** Storages that a wrapper of this process has. */
const inUse = new WeakSet<Storage>();

/**
 * Wraps a storage, so that its files show neither values nor names of records. Opening checks all records,
 * and their names stay in memory.
 *
 * Give the wrapped storage to it alone, and write nothing else there. After a batch that failed, it rejects all further
 * ones with its error until it is opened again.
 *
 * @param storage keeps the encrypted records, in the namespace `encrypted`.
 * @throws DemlsError an {@link EncryptedStorageErrorCode}; errors of the wrapped storage.
 *
 * @example
 * ```ts
 * const disk = await openLevelStorage("alice.storage");
 * const storage = await encryptedStorage(disk, { passphrase, random: platformRandom });
 * await storage.close();
 * await disk.close();
 * ```
 */
export async function encryptedStorage(
  storage: Storage,
  options: StorageSecret & EncryptedStorageOptions,
): Promise<EncryptedStorage> {
  checkSecret(options);
  const cost = checkedCost(options.scrypt ?? {});
  if (inUse.has(storage)) throw storageInUse();
  inUse.add(storage);
  try {
    return await openStorage(storage, options, cost);
  } catch (error) {
    inUse.delete(storage);
    throw error;
  }
}

async function openStorage(
  storage: Storage,
  { random, createIfMissing = true, ...secret }: StorageSecret & EncryptedStorageOptions,
  cost: ScryptCost,
): Promise<EncryptedStorage> {
  const opened =
    (await openedKey(storage, secret, cost)) ??
    (createIfMissing ? await begin(storage, secret, cost, random) : undefined);
  if (opened === undefined) throw storageMissing();
  const { dataKey, keyRecord, isCheap } = opened;
  const sealing = createSealing(dataKey, random);
  try {
    const loaded = await loadRecords(storage, sealing, dataKey, keyRecord);
    const records = createSealedRecords({ storage, sealing, dataKey, random, ...loaded });
    const close = (): void => {
      sealing.wipe();
      dataKey.fill(0);
      inUse.delete(storage);
    };
    if (isCheap) await records.rewrap(await wrapKey(dataKey, secret, raisedCost(keyRecord, cost), random));
    const rewrap = async (next: StorageSecret): Promise<void> =>
      records.rewrap(await wrapKey(dataKey, next, cost, random));
    return createStorage(records, rewrap, close);
  } catch (error) {
    sealing.wipe();
    dataKey.fill(0);
    throw error;
  }
}

/** The data key, and its wrapped record. */
interface OpenedKey extends UnwrappedKey {
  readonly keyRecord: Uint8Array;
}

/** The data key of an existing storage. */
async function openedKey(
  storage: Storage,
  secret: StorageSecret,
  cost: ScryptCost,
): Promise<OpenedKey | undefined> {
  const stored = await valueAt(storage, KEY);
  if (stored === undefined) {
    if ((await storage.scan(NAMESPACE, { limit: 1 })).length > 0) throw storageDamaged();
    return undefined;
  }
  return { ...(await unwrapKey(stored, secret, cost)), keyRecord: stored };
}

async function begin(
  storage: Storage,
  secret: StorageSecret,
  cost: ScryptCost,
  random: RandomSource,
): Promise<OpenedKey> {
  const dataKey = random.bytes(KEY_BYTES);
  const keyRecord = await wrapKey(dataKey, secret, cost, random);
  await storage.write([
    putRecord(NAMESPACE, KEY, keyRecord),
    putRecord(NAMESPACE, HEAD, sealHead(dataKey, newHead(keyRecord), random)),
  ]);
  return { dataKey, keyRecord, isCheap: false };
}

function createStorage(
  records: ReturnType<typeof createSealedRecords>,
  rewrap: (secret: StorageSecret) => Promise<void>,
  wipe: () => void,
): EncryptedStorage {
  let closing: Promise<void> | undefined;
  /** Resolves after all requested operations, so that a scan sees no half of a batch. */
  let turn: Promise<unknown> = Promise.resolve();

  function inTurn<Result>(operation: () => Promise<Result>): Promise<Result> {
    const result = turn.then(operation);
    turn = result.catch(() => undefined);
    return result;
  }

  return {
    async write(batch) {
      if (closing !== undefined) throw storageClosed();
      const changes = records.changesOf(batch.map(checked));
      return inTurn(() => records.write(changes));
    },

    async scan(namespace, options = {}) {
      if (closing !== undefined) throw storageClosed();
      return inTurn(() => records.scan(namespace, options));
    },

    async changeSecret(secret) {
      checkSecret(secret);
      if (closing !== undefined) throw storageClosed();
      return inTurn(() => rewrap(secret));
    },

    close: () =>
      (closing ??= inTurn(async () => {
        records.clear();
        wipe();
      })),
  };
}

function checked(operation: StorageOperation): StorageOperation {
  if (operation.kind === "delete") return deleteRecord(operation.namespace, operation.key);
  if (!isBytes(operation.value)) throw invalidRecord();
  return operation;
}
