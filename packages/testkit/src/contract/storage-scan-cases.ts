import type { ScanOptions, Storage } from "@demls/wire/core";
import { broken, expectEqual, type ContractCase } from "./contract-case.js";
import { put, type CreateStorage } from "./storage-under-test.js";

/** Keys in order, with neighbours of every bound that the cases use. */
const KEYS = ["!", "a", "a/", "a/1", "a/10", "a/2", "a/3", "a0", "b/1", "b/2", "~", "~~"] as const;

/** Records per page of the paging case, and records in all. */
const PAGE = 10;
const PAGED = 25;

async function filled(create: CreateStorage): Promise<Storage> {
  const storage = await create();
  await storage.write(KEYS.toReversed().map((key) => put("notes", key, key.length)));
  // Neighbours of the namespace, which no bound may let in.
  await storage.write(["note", "notes/", "notet"].map((namespace) => put(namespace, "a/1", 9)));
  return storage;
}

/** Compares keys and values of a scan with those that the options describe. */
async function expectScan(storage: Storage, options: ScanOptions, keys: readonly string[]): Promise<void> {
  const expected = keys.map((key) => ({ key, value: Uint8Array.of(key.length) }));
  expectEqual(await storage.scan("notes", options), expected, `The scan by ${JSON.stringify(options)}`);
}

/** Cases about the options of a scan. */
export function scanCases(create: CreateStorage): ContractCase[] {
  return [
    {
      name: "returns the keys after a key and before a key, which need not exist",
      async run() {
        const storage = await filled(create);
        await expectScan(storage, { after: "a/2" }, ["a/3", "a0", "b/1", "b/2", "~", "~~"]);
        await expectScan(storage, { after: "a/11" }, ["a/2", "a/3", "a0", "b/1", "b/2", "~", "~~"]);
        await expectScan(storage, { after: "~" }, ["~~"]);
        await expectScan(storage, { before: "a/1" }, ["!", "a", "a/"]);
        await expectScan(storage, { before: "a/1!" }, ["!", "a", "a/", "a/1"]);
        await expectScan(storage, { after: "a/", before: "a/2" }, ["a/1", "a/10"]);
        await expectScan(storage, { after: "", before: "~~~" }, KEYS);
      },
    },
    {
      name: "returns nothing between bounds that leave no key",
      async run() {
        const storage = await filled(create);
        await expectScan(storage, { after: "a/1", before: "a/10" }, []);
        await expectScan(storage, { after: "a/1", before: "a/1" }, []);
        await expectScan(storage, { after: "b", before: "a" }, []);
        await expectScan(storage, { after: "b", before: "a", reverse: true }, []);
        await expectScan(storage, { before: "!" }, []);
        await expectScan(storage, { before: "" }, []);
        await expectScan(storage, { after: "~~" }, []);
        await expectScan(storage, { prefix: "a/", after: "b" }, []);
        await expectScan(storage, { prefix: "b/", before: "a" }, []);
      },
    },
    {
      name: "returns the keys in descending order",
      async run() {
        const storage = await filled(create);
        await expectScan(storage, { reverse: true }, KEYS.toReversed());
        await expectScan(storage, { reverse: false }, KEYS);
        await expectScan(storage, { prefix: "a/", reverse: true }, ["a/3", "a/2", "a/10", "a/1", "a/"]);
      },
    },
    {
      name: "returns as many records as the limit at most: the first ones of the result",
      async run() {
        const storage = await filled(create);
        await expectScan(storage, { limit: 0 }, []);
        await expectScan(storage, { limit: 3 }, ["!", "a", "a/"]);
        await expectScan(storage, { limit: KEYS.length + 1 }, KEYS);
        await expectScan(storage, { limit: 2, reverse: true }, ["~~", "~"]);
        await expectScan(storage, { limit: 0, reverse: true }, []);
        await expectScan(storage, { prefix: "b/", limit: 1 }, ["b/1"]);
      },
    },
    {
      name: "combines prefix, bounds, limit and order",
      async run() {
        const storage = await filled(create);
        await expectScan(storage, { prefix: "a/", after: "a/", before: "a/3", limit: 2 }, ["a/1", "a/10"]);
        await expectScan(storage, { prefix: "a/", after: "a/1", limit: 2, reverse: true }, ["a/3", "a/2"]);
        await expectScan(storage, { prefix: "a/", before: "a/2", reverse: true }, ["a/10", "a/1", "a/"]);
        // Bounds outside of the prefix.
        await expectScan(storage, { prefix: "b/", after: "a", before: "~" }, ["b/1", "b/2"]);
        await expectScan(storage, { prefix: "b/", after: "a", before: "~", reverse: true }, ["b/2", "b/1"]);
        await expectScan(storage, { prefix: undefined, after: undefined, limit: undefined }, KEYS);
      },
    },
    {
      name: "returns every record once, page by page, in either order",
      async run() {
        const storage = await create();
        const keys = Array.from({ length: PAGED }, (_, i) => `many/${String(i).padStart(2, "0")}`);
        await storage.write(keys.map((key) => put("notes", key, 1)));
        for (const reverse of [false, true]) {
          const expected = reverse ? keys.toReversed() : keys;
          expectEqual(await paged(storage, reverse), expected, "The keys of all pages");
        }
      },
    },
  ];
}

async function paged(storage: Storage, reverse: boolean): Promise<readonly string[]> {
  const found: string[] = [];
  for (let last: string | undefined; found.length <= PAGED;) {
    const bound = reverse ? { before: last } : { after: last };
    const page = await storage.scan("notes", { prefix: "many/", limit: PAGE, reverse, ...bound });
    if (page.length > PAGE) throw broken(`A page has ${page.length} records.`);
    if (page.length === 0) return found;
    found.push(...page.map(({ key }) => key));
    last = found.at(-1);
  }
  return found;
}
