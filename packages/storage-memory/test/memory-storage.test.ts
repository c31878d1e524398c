import { storageContract } from "@demls/testkit";
import { deleteRecord, putRecord } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { createMemoryStorage, type MemoryStorage } from "../src/index.js";

const put = (namespace: string, key: string, ...bytes: number[]) =>
  putRecord(namespace, key, Uint8Array.from(bytes));

describe("A memory storage", () => {
  const cases = storageContract(
    () => createMemoryStorage(),
    (storage) => createMemoryStorage({ records: (storage as MemoryStorage).records() }),
  );
  for (const { name, run } of cases) test(name, run);

  test("starts from another storage's records and then changes independently", async () => {
    const first = createMemoryStorage();
    await first.write([put("a", "k", 1), put("b", "l", 2)]);
    const second = createMemoryStorage({ records: first.records() });
    await first.write([deleteRecord("a", "k")]);
    expect(await second.scan("a")).toEqual([{ key: "k", value: Uint8Array.of(1) }]);
    expect(second.records()).toHaveLength(2);
  });
});
