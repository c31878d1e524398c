import { DemlsError, putRecord, type Storage, type StorageOperation } from "@demls/wire/core";
import type { Phase } from "../model/phase.js";
import { slicesIn, type SliceName } from "../model/state.js";
import { CLOCK, clockIn, putClock } from "./clock-record.js";
import { corruptStorage } from "./corrupt-storage.js";
import { fieldKey, fieldValue, putField } from "./field-record.js";
import { conversationNamespace, conversationSerials, recordAt, USER } from "./namespaces.js";
import { decodeRecord, encodeRecord } from "./plain-data.js";

const FORMAT = "format";

/** Version of the records that this release writes. It goes up when a record's key or content changes. */
export const STORE_FORMAT = 1;

/** Converts the records of one version to the next. */
export interface Migration {
  /** Version to convert from. */
  readonly from: number;
  /** Operations that convert the records to version `from + 1`. */
  run(storage: Storage): Promise<readonly StorageOperation[]>;
}

/**
 * One migration for each version before {@link STORE_FORMAT}, in order. For example, to add the field `muted` to the
 * slice `chat`: `{ from: 1, run: addFields({ "chat.muted": true }) }`.
 */
const MIGRATIONS: readonly Migration[] = [];

/**
 * A migration that adds fields to slices: each conversation whose phase has the slice gets their records. A field that
 * begins with its initial value needs no operations, nor does a `list` or a `map`, which has a record for each entry.
 *
 * @param added - values by names such as `chat.muted`.
 */
export function addFields(added: Readonly<Record<`${SliceName}.${string}`, unknown>>): Migration["run"] {
  return async (storage) => {
    const operations: StorageOperation[] = [];
    for (const serial of await conversationSerials(storage)) {
      const namespace = conversationNamespace(serial);
      const phase = await read(
        storage,
        namespace,
        fieldKey("phase"),
        (record) => fieldValue(record) as Phase,
      );
      const slices: readonly string[] = slicesIn(phase);
      const entries = Object.entries(added).filter(([name]) => slices.includes(name.split(".")[0] ?? ""));
      if (entries.length === 0) continue;
      const clock = await read(storage, namespace, CLOCK, clockIn);
      operations.push(
        ...entries.map(([name, value]) => putField(namespace, name, value)),
        putClock(namespace, { ...clock, fields: clock.fields + entries.length }),
      );
    }
    return operations;
  };
}

/** The operation that marks a new store with this release's version. */
export function formatRecord(version = STORE_FORMAT): StorageOperation {
  return putRecord(USER, FORMAT, encodeRecord(version));
}

/**
 * The version of a store; `undefined` if the storage is empty.
 *
 * @throws DemlsError `storage-newer` if a later release wrote it; `corrupt-storage` if the version is missing or cannot
 *   be read.
 */
export async function storeFormat(storage: Storage): Promise<number | undefined> {
  const record = await recordAt(storage, USER, FORMAT);
  // Distinguishes a new store from a damaged one.
  if (record === undefined && (await storage.scan(USER, { limit: 1 })).length === 0) return undefined;
  const version = record && readVersion(record.value);
  if (version === undefined) throw corruptStorage(undefined);
  if (version > STORE_FORMAT) throw storageNewer(version);
  return version;
}

/**
 * Upgrades a store to this release's version. Each migration is one batch with its new version.
 *
 * @throws DemlsError `corrupt-storage` if a migration is missing.
 */
export async function migrate(
  storage: Storage,
  version: number,
  migrations: readonly Migration[] = MIGRATIONS,
  target = STORE_FORMAT,
): Promise<void> {
  for (let from = version; from < target; from++) {
    const migration = migrations.find((candidate) => candidate.from === from);
    if (migration === undefined) throw corruptStorage(undefined);
    await storage.write([...(await migration.run(storage)), formatRecord(from + 1)]);
  }
}

async function read<T>(
  storage: Storage,
  namespace: string,
  key: string,
  decode: (record: Uint8Array) => T,
): Promise<T> {
  const record = await recordAt(storage, namespace, key);
  if (record === undefined) throw corruptStorage(undefined);
  try {
    return decode(record.value);
  } catch (error) {
    throw corruptStorage(error);
  }
}

function readVersion(value: Uint8Array): number | undefined {
  try {
    const version = decodeRecord(value);
    return Number.isSafeInteger(version) && (version as number) > 0 ? (version as number) : undefined;
  } catch {
    return undefined;
  }
}

function storageNewer(version: number): DemlsError<"storage-newer"> {
  return new DemlsError("storage-newer", {
    message: `A later release wrote the storage: its format is ${version}, and this release reads up to ${STORE_FORMAT}.`,
    field: "storage",
    remedy: "Update this program. The storage is left as it is.",
  });
}
