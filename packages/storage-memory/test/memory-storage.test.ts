import { deleteRecord, putRecord } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { createMemoryStorage } from "../src/index.js";

const put = (namespace: string, key: string, ...bytes: number[]) =>
  putRecord(namespace, key, Uint8Array.from(bytes));

describe("A memory storage", () => {
  test("finds records by prefix, ascending by key whatever the order of writing", async () => {
    const storage = createMemoryStorage();
    await storage.write([put("a", "x/2", 2), put("a", "y", 3), put("a", "x/10", 10), put("a", "x/1", 1)]);
    expect((await storage.scan("a", "x/")).map(({ key }) => key)).toEqual(["x/1", "x/10", "x/2"]);
    expect(await storage.scan("a")).toHaveLength(4);
    expect(await storage.scan("a", "z")).toEqual([]);
  });

  test("keeps namespaces apart within one batch", async () => {
    const storage = createMemoryStorage();
    await storage.write([put("a", "k", 1), put("b", "k", 2), deleteRecord("a", "k")]);
    expect(await storage.scan("a")).toEqual([]);
    expect(await storage.scan("b")).toEqual([{ key: "k", value: Uint8Array.of(2) }]);
    expect(await storage.scan("nobody's")).toEqual([]);
  });

  test("lets the later of two operations on one key count, and deleting what is not there do nothing", async () => {
    const storage = createMemoryStorage();
    await storage.write([put("a", "k", 1), put("a", "k", 2), deleteRecord("a", "other")]);
    expect(await storage.scan("a")).toEqual([{ key: "k", value: Uint8Array.of(2) }]);
  });

  test("shares no bytes with who writes and who reads", async () => {
    const storage = createMemoryStorage();
    const value = Uint8Array.of(1);
    await storage.write([putRecord("a", "k", value)]);
    value.fill(9);
    (await storage.scan("a"))[0]?.value.fill(8);
    expect(await storage.scan("a")).toEqual([{ key: "k", value: Uint8Array.of(1) }]);
  });

  test("starts from the records of another, and goes its own way from there", async () => {
    const first = createMemoryStorage();
    await first.write([put("a", "k", 1), put("b", "l", 2)]);
    const second = createMemoryStorage(first.records());
    await first.write([deleteRecord("a", "k")]);
    expect(await second.scan("a")).toEqual([{ key: "k", value: Uint8Array.of(1) }]);
    expect(second.records()).toHaveLength(2);
  });
});
