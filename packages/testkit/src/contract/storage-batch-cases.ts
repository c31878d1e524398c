import { deleteRecord, putRecord, type Storage, type StorageOperation } from "@demls/wire/core";
import { broken, expectEqual, type ContractCase } from "./contract-case.js";
import { put, type CreateStorage, type ReopenStorage } from "./storage-under-test.js";

const NAMESPACES = ["letters", "notes"] as const;
const KEYS = Array.from({ length: 20 }, (_, i) => `key ${i}`);

/** Number of scans while a batch is written. */
const LOOKS = 5;

/** Batch that writes one number under each key of both namespaces. */
function everywhere(number: number): readonly StorageOperation[] {
  return NAMESPACES.flatMap((namespace) => KEYS.map((key) => put(namespace, key, number)));
}

/** The number that is stored under every key of a namespace; 0 when it is empty. */
async function numberIn(storage: Storage, namespace: string): Promise<number> {
  const found = await storage.scan(namespace);
  const numbers = new Set(found.map(({ value }) => value[0] ?? 0));
  const isWhole = found.length === 0 || (found.length === KEYS.length && numbers.size === 1);
  if (!isWhole) throw broken(`A scan of ${namespace} returns part of a batch.`);
  return [...numbers][0] ?? 0;
}

function clear(storage: Storage): Promise<void> {
  return storage.write(NAMESPACES.flatMap((namespace) => KEYS.map((key) => deleteRecord(namespace, key))));
}

/** Cases about batches: atomicity and order. */
export function batchCases(create: CreateStorage, reopen: ReopenStorage | undefined): ContractCase[] {
  const cases: ContractCase[] = [
    {
      name: "applies the later of two operations on one key",
      async run() {
        const storage = await create();
        await storage.write([put("notes", "b", 1), put("notes", "c", 1)]);
        await storage.write([
          ...[put("notes", "a", 1), put("notes", "a", 2)],
          ...[put("notes", "b", 2), deleteRecord("notes", "b")],
          ...[deleteRecord("notes", "c"), put("notes", "c", 2)],
        ]);
        const expected = ["a", "c"].map((key) => ({ key, value: Uint8Array.of(2) }));
        expectEqual(await storage.scan("notes"), expected, "The result");
      },
    },
    {
      name: "deletes records, and accepts deletions of missing records and empty batches",
      async run() {
        const storage = await create();
        await storage.write([put("notes", "today", 1), put("notes", "tomorrow", 2)]);
        await storage.write([]);
        await storage.write([
          deleteRecord("notes", "today"),
          deleteRecord("notes", "never"),
          deleteRecord("letters", "never"),
        ]);
        const expected = [{ key: "tomorrow", value: Uint8Array.of(2) }];
        expectEqual(await storage.scan("notes"), expected, "The remaining records");
      },
    },
    {
      name: "writes a batch of 1,500 records, and returns all of them in one scan",
      async run() {
        const storage = await create();
        const keys = Array.from({ length: 1_500 }, (_, i) => `many/${String(i).padStart(4, "0")}`);
        await storage.write(keys.map((key) => put("notes", key, 1)));
        const expected = keys.map((key) => ({ key, value: Uint8Array.of(1) }));
        expectEqual(await storage.scan("notes"), expected, "The records of the namespace");
        expectEqual(
          await storage.scan("notes", { prefix: "many/" }),
          expected,
          "The records with the prefix",
        );
      },
    },
    {
      name: "never shows a partial batch, in one namespace or across them",
      async run() {
        const storage = await create();
        for (const [first, second] of [NAMESPACES, NAMESPACES.toReversed()] as [string, string][]) {
          await clear(storage);
          for (let number = 1; number <= 20; number++) {
            const writing = storage.write(everywhere(number));
            // Bounded: if scans return at once, writes would never proceed between them.
            for (let look = 0; look < LOOKS; look++) {
              const seen = await numberIn(storage, first);
              const then = await numberIn(storage, second);
              if (then < seen) throw broken(`Batch ${seen} is in ${first}, but not yet in ${second}.`);
            }
            await writing;
          }
        }
      },
    },
    {
      name: "writes concurrent batches atomically",
      async run() {
        const storage = await create();
        await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((number) => storage.write(everywhere(number))));
        const [one, other] = await Promise.all(NAMESPACES.map((namespace) => numberIn(storage, namespace)));
        expectEqual(one, other, "The last batch in one namespace, compared with the other,");
      },
    },
    {
      name: "writes a batch after an earlier one that has resolved",
      async run() {
        const storage = await create();
        for (const number of [1, 2, 3]) {
          await storage.write(everywhere(number));
          const found = await Promise.all(NAMESPACES.map((namespace) => numberIn(storage, namespace)));
          expectEqual(found, [number, number], "The records after a batch has resolved");
        }
      },
    },
    {
      name: "writes all of a batch or nothing",
      async run() {
        const storage = await create();
        await storage.write(everywhere(1));
        const flawed = putRecord("notes", "no bytes", undefined as unknown as Uint8Array);
        const wasTaken = await attempt(() => storage.write([...everywhere(2), flawed]));
        if (wasTaken) await storage.write([deleteRecord("notes", "no bytes")]);
        const found = await Promise.all(NAMESPACES.map((namespace) => numberIn(storage, namespace)));
        expectEqual(found, wasTaken ? [2, 2] : [1, 1], "The records of the batch");
        await storage.write(everywhere(3));
        expectEqual(await numberIn(storage, "notes"), 3, "The records of the next batch");
      },
    },
  ];
  if (reopen === undefined) return cases;
  return [
    ...cases,
    {
      name: "holds exactly the written records after reopening",
      async run() {
        const storage = await create();
        await storage.write([...everywhere(1), put("notes", "today", 1)]);
        await storage.write([...everywhere(2), deleteRecord("notes", "today")]);
        const again = await reopen(storage);
        const found = await Promise.all(NAMESPACES.map((namespace) => numberIn(again, namespace)));
        expectEqual(found, [2, 2], "The result");
      },
    },
  ];
}

/** Whether the write succeeded. */
async function attempt(action: () => Promise<void>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch {
    return false;
  }
}
