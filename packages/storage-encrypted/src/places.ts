import type { Storage } from "@demls/wire/core";

/** Namespace of the wrapped storage that has everything. */
export const NAMESPACE = "encrypted";

/** Key of the wrapped data key. */
export const KEY = "key";

/** Key of the sealed summary of all records. */
export const HEAD = "head";

/** Beginning of the keys of all records. */
export const RECORDS = "record/";

/** The value at exactly this key of the wrapped storage. */
export async function valueAt(storage: Storage, place: string): Promise<Uint8Array | undefined> {
  // No key with this prefix is before the key itself.
  const [record] = await storage.scan(NAMESPACE, { prefix: place, limit: 1 });
  return record?.key === place ? record.value : undefined;
}
