import type { Storage } from "@demls/wire/core";
import { isSameHead, newHead, openHead, withMark, type Head } from "./head.js";
import { HEAD, NAMESPACE, RECORDS, valueAt } from "./places.js";
import { createRecordIndex, type RecordIndex } from "./record-index.js";
import { versionOf, type Sealing } from "./sealing.js";
import { storageDamaged } from "./storage-errors.js";

/** Number of records read at a time. */
const PAGE_RECORDS = 500;

/** The records of a storage, checked. */
export interface LoadedRecords {
  readonly head: Head;
  readonly index: RecordIndex;
}

/**
 * Opens all records, and compares them and the record of the wrapped data key with the head.
 *
 * @throws DemlsError `storage-damaged`.
 */
export async function loadRecords(
  storage: Storage,
  sealing: Sealing,
  dataKey: Uint8Array,
  keyRecord: Uint8Array,
): Promise<LoadedRecords> {
  const sealedHead = await valueAt(storage, HEAD);
  const head = sealedHead && openHead(dataKey, sealedHead);
  if (head === undefined) throw storageDamaged();
  const index = createRecordIndex();
  let found = newHead(keyRecord);
  for (let after: string | undefined; ;) {
    const page = await storage.scan(NAMESPACE, { prefix: RECORDS, after, limit: PAGE_RECORDS });
    for (const { key: place, value: sealed } of page) {
      const record = sealing.openRecord(place, sealed);
      if (record === undefined) throw storageDamaged();
      record.value.fill(0);
      const version = versionOf(sealed);
      index.set(record.namespace, record.key, version);
      found = withMark(found, sealing.mark(place, version));
    }
    after = page.at(-1)?.key;
    if (after === undefined) break;
  }
  if (!isSameHead(found, head)) throw storageDamaged();
  return { head, index };
}
