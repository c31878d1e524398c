import { DemlsError } from "@demls/wire/core";
import { checksumOf, isIntact } from "./checked-value.js";
import type { Engine } from "./engine.js";
import { decodeHead, FORMAT, MODULUS, type Head } from "./head.js";
import { storageDamaged, storageNewer } from "./storage-errors.js";

/**
 * Reads all records, and returns the head if they are exactly those that it sums up.
 *
 * @throws DemlsError `storage-damaged`, `storage-newer`; `storage-in-use` if another tab takes the storage meanwhile.
 */
export async function verifiedHead(engine: Engine, location: string): Promise<Head> {
  try {
    const bytes = await engine.head();
    const head = bytes && decodeHead(bytes);
    if (head === undefined) throw storageDamaged(location);
    if (head.format > FORMAT) throw storageNewer(head.format);
    const found = await summary(engine, location);
    const isWhole = found.records === head.records && found.sum === head.sum;
    // Fewer batches than were noted: the newest are lost.
    if (!isWhole || head.batches < engine.notedBatches) throw storageDamaged(location);
    return head;
  } catch (error) {
    throw error instanceof DemlsError ? error : storageDamaged(location, error);
  }
}

async function summary(engine: Engine, location: string): Promise<Pick<Head, "records" | "sum">> {
  let [records, sum] = [0, 0n];
  for await (const page of engine.pages()) {
    for (const entry of page) {
      if (!isIntact(entry, entry.value)) throw storageDamaged(location);
      records += 1;
      sum += checksumOf(entry.value);
    }
  }
  return { records, sum: sum % MODULUS };
}
