import { createMemoryStorage } from "@demls/storage-memory";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createOrderedRecords,
  decodeAll,
  type OrderedEntry,
  type OrderedRecords,
} from "../../src/storage/ordered-records.js";

interface Item {
  readonly id: number;
  readonly text: string;
}

const entriesOf = (items: readonly Item[]): OrderedEntry[] =>
  items.map((item) => ({ identity: item.id, content: item }));

const itemRecords = (): OrderedRecords<OrderedEntry> =>
  createOrderedRecords("n", "list", ({ content }) => content);

const items = fc.uniqueArray(fc.record({ id: fc.nat(9), text: fc.string() }), { selector: ({ id }) => id });

describe("An ordered collection", () => {
  test("restores from its records, in order, after any changes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(items, { maxLength: 8 }), async (states) => {
        const storage = createMemoryStorage();
        let records = itemRecords();
        for (const [i, state] of states.entries()) {
          await storage.write(records.changes(entriesOf(state)));
          const found = await storage.scan("n", { prefix: "list/" });
          expect(decodeAll(found)).toEqual(state);
          if (i % 2 === 0) continue;
          // From here on the records are restored ones, as after a restart.
          records = itemRecords();
          records.adopt(
            found.map(({ key }) => key),
            entriesOf(state),
          );
        }
      }),
    );
  });

  test("writes new and replaced entries, deletes removed ones, and leaves the others", () => {
    const records = itemRecords();
    const [a, b, c] = [1, 2, 3].map((id) => ({ id, text: "" })) as [Item, Item, Item];
    expect(records.changes(entriesOf([a, b, c]))).toHaveLength(3);
    expect(records.changes(entriesOf([a, b, c]))).toEqual([]);
    expect(records.changes(entriesOf([a, { ...b }, c]))).toMatchObject([{ kind: "put" }]);
    expect(records.changes(entriesOf([a, c]))).toMatchObject([{ kind: "delete" }]);
    const moved = records.changes(entriesOf([c, a]));
    expect(moved.map(({ kind }) => kind)).toEqual(["put", "delete"]);
  });
});
