import type { ScanOptions, Storage, StorageOperation, StorageRecord } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { storageContract } from "../src/index.js";
import { brokenCases } from "./broken-cases.js";

/** Correct storage. */
class MapStorage implements Storage {
  protected readonly namespaces = new Map<string, Map<string, Uint8Array>>();

  async write(batch: readonly StorageOperation[]): Promise<void> {
    for (const operation of batch.map((each) => this.taken(each))) this.apply(operation);
  }

  async scan(namespace: string, options: ScanOptions = {}): Promise<readonly StorageRecord[]> {
    const { prefix = "", after, before, limit, reverse = false } = options;
    const found = [...this.recordsOf(namespace)]
      .filter(([key]) => this.begins(key, prefix))
      .filter(([key]) => (after === undefined || key > after) && (before === undefined || key < before))
      .sort(([a], [b]) => (reverse ? -1 : 1) * this.order(a, b))
      .map(([key, value]) => ({ key, value: this.given(value) }));
    return limit === undefined ? found : found.slice(0, limit);
  }

  protected recordsOf(namespace: string): Map<string, Uint8Array> {
    const records = this.namespaces.get(namespace) ?? new Map<string, Uint8Array>();
    this.namespaces.set(namespace, records);
    return records;
  }

  protected apply(operation: StorageOperation): void {
    const records = this.recordsOf(operation.namespace);
    if (operation.kind === "put") records.set(operation.key, operation.value);
    else records.delete(operation.key);
  }

  protected taken(operation: StorageOperation): StorageOperation {
    return operation.kind === "put" ? { ...operation, value: Uint8Array.from(operation.value) } : operation;
  }

  protected given(value: Uint8Array): Uint8Array {
    return Uint8Array.from(value);
  }

  protected begins(key: string, prefix: string): boolean {
    return key.startsWith(prefix);
  }

  protected order(a: string, b: string): number {
    return a < b ? -1 : 1;
  }
}

/** Writes namespaces one by one, like separate files. */
class WrittenByNamespace extends MapStorage {
  override async write(batch: readonly StorageOperation[]): Promise<void> {
    const operations = batch.map((each) => this.taken(each));
    for (const namespace of new Set(operations.map((operation) => operation.namespace))) {
      for (const operation of operations) if (operation.namespace === namespace) this.apply(operation);
      for (let turns = 0; turns < 9; turns++) await Promise.resolve();
    }
  }
}

/** Writes operations one by one, and stops at an invalid one. */
class WrittenOneByOne extends MapStorage {
  override async write(batch: readonly StorageOperation[]): Promise<void> {
    for (const operation of batch) {
      this.apply(this.taken(operation));
      await Promise.resolve();
    }
  }
}

/** Writes atomically, but after it has resolved. */
class WrittenLater extends MapStorage {
  override async write(batch: readonly StorageOperation[]): Promise<void> {
    const operations = batch.map((each) => this.taken(each));
    void Promise.resolve()
      .then(() => undefined)
      .then(() => undefined)
      .then(() => operations.forEach((operation) => this.apply(operation)));
  }
}

class SharedWithWriter extends MapStorage {
  protected override taken(operation: StorageOperation): StorageOperation {
    if (operation.kind === "put" && operation.value === undefined) throw new TypeError("There are no bytes.");
    return operation;
  }
}

class SharedWithReader extends MapStorage {
  protected override given(value: Uint8Array): Uint8Array {
    return value;
  }
}

class FirstCounts extends MapStorage {
  override async write(batch: readonly StorageOperation[]): Promise<void> {
    await super.write(batch.toReversed());
  }
}

class OrderedByLocale extends MapStorage {
  protected override order(a: string, b: string): number {
    return a.localeCompare(b, "en");
  }
}

class PrefixAsPattern extends MapStorage {
  protected override begins(key: string, prefix: string): boolean {
    return new RegExp(`^${prefix.replace("*", "\\*")}`).test(key);
  }
}

/** Returns scans by prefix in descending order. */
class PrefixDescending extends MapStorage {
  override async scan(namespace: string, options?: ScanOptions): Promise<readonly StorageRecord[]> {
    const found = await super.scan(namespace, options);
    return isByPrefixAlone(options) ? found.toReversed() : found;
  }
}

class PrefixByLocale extends MapStorage {
  override async scan(namespace: string, options?: ScanOptions): Promise<readonly StorageRecord[]> {
    const found = await super.scan(namespace, options);
    return isByPrefixAlone(options) ? found.toSorted((a, b) => a.key.localeCompare(b.key, "en")) : found;
  }
}

class ShortBatches extends MapStorage {
  override async write(batch: readonly StorageOperation[]): Promise<void> {
    await super.write(batch.slice(0, 100));
  }
}

/** Returns only one page per scan. */
class ShortScans extends MapStorage {
  override async scan(namespace: string, options?: ScanOptions): Promise<readonly StorageRecord[]> {
    return (await super.scan(namespace, options)).slice(0, 100);
  }
}

/** Changes the options of each scan. */
function scanningBy(change: (options: ScanOptions) => ScanOptions): new () => Storage {
  return class extends MapStorage {
    override scan(namespace: string, options: ScanOptions = {}): Promise<readonly StorageRecord[]> {
      return super.scan(namespace, change(options));
    }
  };
}

/** Returns the record at a bound, too. */
class InclusiveBounds extends MapStorage {
  override async scan(namespace: string, options: ScanOptions = {}): Promise<readonly StorageRecord[]> {
    const { after, before, ...others } = options;
    return (await super.scan(namespace, others)).filter(
      ({ key }) => (after === undefined || key >= after) && (before === undefined || key <= before),
    );
  }
}

/** Takes the first records up to the limit, and then the order or the bounds. */
class LimitFirst extends MapStorage {
  override async scan(namespace: string, options: ScanOptions = {}): Promise<readonly StorageRecord[]> {
    const found = await super.scan(namespace, { ...options, reverse: false });
    return options.reverse === true ? found.toReversed() : found;
  }
}

/** Fails when no key can be between the bounds, as a range of IndexedDB does. */
class NoEmptyRange extends MapStorage {
  override async scan(namespace: string, options: ScanOptions = {}): Promise<readonly StorageRecord[]> {
    const { after = "", before = "~~~~" } = options;
    if (after >= before) throw new RangeError("The lower bound is above the upper one.");
    return super.scan(namespace, options);
  }
}

function isByPrefixAlone(options: ScanOptions = {}): boolean {
  const { prefix, ...others } = options;
  return prefix !== undefined && Object.keys(others).length === 0;
}

/** Joins namespace and key without a separator. */
class NamespaceInKey extends MapStorage {
  override async write(batch: readonly StorageOperation[]): Promise<void> {
    await super.write(batch.map((each) => ({ ...each, namespace: "", key: each.namespace + each.key })));
  }

  override async scan(namespace: string, options: ScanOptions = {}): Promise<readonly StorageRecord[]> {
    const found = await super.scan("", { prefix: namespace + (options.prefix ?? "") });
    return found.map(({ key, value }) => ({ key: key.slice(namespace.length), value }));
  }
}

describe("the contract of storages", () => {
  for (const { name, run } of storageContract(() => new MapStorage())) {
    test(`is met by a correct implementation: it ${name}`, run);
  }

  test.each([
    [
      "writes namespaces one by one",
      WrittenByNamespace,
      ["never shows a partial batch, in one namespace or across them"],
    ],
    [
      "writes operations one by one",
      WrittenOneByOne,
      ["never shows a partial batch, in one namespace or across them", "writes all of a batch or nothing"],
    ],
    [
      "stores the caller's bytes without copying",
      SharedWithWriter,
      ["copies written bytes, so that the caller may reuse them"],
    ],
    ["returns its own bytes", SharedWithReader, ["returns copies, which the caller may change"]],
    ["lets the first operation count", FirstCounts, ["applies the later of two operations on one key"]],
    [
      "sorts by locale",
      OrderedByLocale,
      [
        "returns the records of a namespace ascending by key, in any order of writing",
        "returns the keys that start with exactly the prefix",
        "returns the keys after a key and before a key, which need not exist",
        "returns the keys in descending order",
        "returns as many records as the limit at most: the first ones of the result",
        "combines prefix, bounds, limit and order",
      ],
    ],
    [
      "treats a prefix as a pattern",
      PrefixAsPattern,
      ["returns the keys that start with exactly the prefix"],
    ],
    [
      "sorts a scan by prefix descending",
      PrefixDescending,
      [
        "returns the keys that start with exactly the prefix",
        "writes a batch of 1,500 records, and returns all of them in one scan",
      ],
    ],
    [
      "sorts records by a language's rules if given a prefix",
      PrefixByLocale,
      ["returns the keys that start with exactly the prefix"],
    ],
    [
      "writes the first 100 operations of a batch",
      ShortBatches,
      ["writes a batch of 1,500 records, and returns all of them in one scan"],
    ],
    [
      "finds 100 records at most",
      ShortScans,
      ["writes a batch of 1,500 records, and returns all of them in one scan"],
    ],
    [
      "includes the bounds",
      InclusiveBounds,
      [
        "returns the keys after a key and before a key, which need not exist",
        "returns nothing between bounds that leave no key",
        "combines prefix, bounds, limit and order",
        "returns every record once, page by page, in either order",
      ],
    ],
    [
      "ignores the order",
      scanningBy((options) => ({ ...options, reverse: false })),
      [
        "returns the keys in descending order",
        "returns as many records as the limit at most: the first ones of the result",
        "combines prefix, bounds, limit and order",
        "returns every record once, page by page, in either order",
      ],
    ],
    [
      "applies the limit before the order",
      LimitFirst,
      [
        "returns as many records as the limit at most: the first ones of the result",
        "combines prefix, bounds, limit and order",
        "returns every record once, page by page, in either order",
      ],
    ],
    [
      "takes a limit of 0 as none",
      scanningBy(({ limit, ...others }) => (limit === 0 ? others : { limit, ...others })),
      ["returns as many records as the limit at most: the first ones of the result"],
    ],
    ["fails on a range without keys", NoEmptyRange, ["returns nothing between bounds that leave no key"]],
    [
      "ignores the bounds of a scan by prefix",
      scanningBy(({ after, before, ...others }) =>
        others.prefix === undefined ? { after, before, ...others } : others,
      ),
      [
        "returns nothing between bounds that leave no key",
        "combines prefix, bounds, limit and order",
        "returns every record once, page by page, in either order",
      ],
    ],
  ])("reports only the violated cases of an implementation that %s", async (_what, Broken, cases) => {
    expect(await brokenCases(storageContract(() => new Broken()))).toEqual(cases);
  });

  test.each([
    ["joins namespace and key", NamespaceInKey, "keeps namespaces apart, with any names"],
    ["writes after it has resolved", WrittenLater, "writes a batch after an earlier one that has resolved"],
  ])("reports at least the violated case of an implementation that %s", async (_what, Broken, name) => {
    expect(await brokenCases(storageContract(() => new Broken()))).toContain(name);
  });

  test("checks persistence if a storage can be reopened", async () => {
    const cases = storageContract(
      () => new MapStorage(),
      () => new MapStorage(),
    );
    const last = cases.at(-1);
    expect(last?.name).toBe("holds exactly the written records after reopening");
    await expect(last?.run()).rejects.toMatchObject({ code: "contract-broken" });
  });
});
