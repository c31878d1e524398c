import { deleteRecord, putRecord, type Storage } from "@demls/wire/core";
import { expectEqual, present, type ContractCase } from "./contract-case.js";
import { put, type CreateStorage } from "./storage-under-test.js";

async function keysIn(storage: Storage, namespace: string, prefix?: string): Promise<readonly string[]> {
  return (await storage.scan(namespace, { prefix })).map(({ key }) => key);
}

/** Cases about records: scans, order and ownership of bytes. */
export function recordCases(create: CreateStorage): ContractCase[] {
  return [
    {
      name: "returns no records before any write",
      async run() {
        const storage = await create();
        expectEqual(await storage.scan("notes"), [], "The records of a new storage");
        await storage.write([put("notes", "today", 1)]);
        expectEqual(await storage.scan("letters"), [], "The records of another namespace");
        expectEqual(
          await storage.scan("notes", { prefix: "yesterday" }),
          [],
          "The records with another prefix",
        );
      },
    },
    {
      name: "returns the records of a namespace ascending by key, in any order of writing",
      async run() {
        const storage = await create();
        // Ordered by code point, and not by locale or as numbers.
        const ascending = [
          " ",
          "!",
          "10",
          "2",
          "9/1",
          "A",
          "Z",
          "_",
          "a",
          "a b",
          "ab",
          "~",
          "~".repeat(1_024),
        ];
        for (const key of ascending.toReversed()) await storage.write([put("notes", key, key.length % 256)]);
        const expected = ascending.map((key) => ({ key, value: Uint8Array.of(key.length % 256) }));
        expectEqual(await storage.scan("notes"), expected, "The result");
      },
    },
    {
      name: "returns the keys that start with exactly the prefix",
      async run() {
        const storage = await create();
        const keys = ["%", "%/1", "*", ".", "A/1", "_", "a", "a/", "a/1", "a/10", "a/2", "a0", "b/a/1", "~~"];
        await storage.write(keys.map((key) => put("notes", key, 1)));
        for (const prefix of ["", "a/", "a/1", "%", "_", "*", ".", "A", "~", "b/a/1"]) {
          const expected = keys.filter((key) => key.startsWith(prefix));
          expectEqual(
            await keysIn(storage, "notes", prefix),
            expected,
            `The ascending keys with the prefix ${prefix}`,
          );
        }
      },
    },
    {
      name: "keeps namespaces apart, with any names",
      async run() {
        const storage = await create();
        const places = [
          ...([["a", "b/c"] as const, ["a/b", "c"] as const, ["ab", "/c"] as const] as const),
          ...["", " ", "A", "a:", "constructor", "__proto__", "gärten/🌱", "%"].map(
            (name) => [name, "b/c"] as const,
          ),
        ];
        await storage.write(places.map(([namespace, key], i) => put(namespace, key, i)));
        for (const [i, [namespace, key]] of places.entries()) {
          const expected = [{ key, value: Uint8Array.of(i) }];
          expectEqual(await storage.scan(namespace), expected, `The records of ${JSON.stringify(namespace)}`);
        }
        await storage.write([deleteRecord("a", "b/c")]);
        expectEqual(await keysIn(storage, "a"), [], "The remaining keys of the first namespace");
        expectEqual(await keysIn(storage, "a/b"), ["c"], "The remaining keys of the second namespace");
      },
    },
    {
      name: "stores values of any size, and returns the newest",
      async run() {
        const storage = await create();
        const every = Uint8Array.from({ length: 256 }, (_, i) => i);
        const long = new Uint8Array(200_000).fill(7);
        const part = new Uint8Array(every.buffer, 65, 3);
        const values = [every, new Uint8Array(0), long, part];
        for (const value of values) {
          await storage.write([putRecord("notes", "today", value)]);
          expectEqual(await storage.scan("notes"), [{ key: "today", value }], "The result");
        }
      },
    },
    {
      name: "copies written bytes, so that the caller may reuse them",
      async run() {
        const storage = await create();
        const value = Uint8Array.of(1);
        const batch = [putRecord("notes", "today", value)];
        await storage.write(batch);
        value.fill(9);
        batch[0] = put("notes", "tomorrow", 2);
        const expected = [{ key: "today", value: Uint8Array.of(1) }];
        expectEqual(await storage.scan("notes"), expected, "The result");
      },
    },
    {
      name: "returns copies, which the caller may change",
      async run() {
        const storage = await create();
        await storage.write([put("notes", "today", 1)]);
        const [first, second] = [await storage.scan("notes"), await storage.scan("notes")];
        present(first[0], "record").value.fill(9);
        const expected = [{ key: "today", value: Uint8Array.of(1) }];
        expectEqual(second, expected, "The earlier result");
        expectEqual(await storage.scan("notes"), expected, "The later result");
      },
    },
  ];
}
