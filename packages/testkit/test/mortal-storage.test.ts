import { putRecord, type Storage, type StorageOperation } from "@demls/wire/core";
import { describe, expect, it } from "vitest";
import { createMortalStorage, type MortalStorage } from "../src/index.js";

function put(key: string): readonly StorageOperation[] {
  return [putRecord("notes", key, Uint8Array.of(1))];
}

/** A storage that keeps its records in the order of writing. */
function createDisk(): Storage & { readonly keys: readonly string[] } {
  const records: { readonly key: string; readonly value: Uint8Array }[] = [];
  return {
    get keys() {
      return records.map(({ key }) => key);
    },
    write: async (batch) => {
      for (const operation of batch)
        if (operation.kind === "put") records.push({ key: operation.key, value: operation.value.slice() });
    },
    scan: async () => records,
  };
}

/** Writes one batch after the other, and returns the keys of those that were acknowledged. */
async function writeAll(storage: MortalStorage, ...keys: readonly string[]): Promise<readonly string[]> {
  const acknowledged: string[] = [];
  for (const key of keys) {
    const written = storage.write(put(key)).then(() => acknowledged.push(key));
    await Promise.race([written, new Promise((resolve) => setImmediate(resolve))]);
  }
  return acknowledged;
}

describe("a mortal storage", () => {
  it.each([
    ["before", ["a"], ["a"]],
    ["after", ["a"], ["a", "b"]],
    ["lost", ["a", "b"], ["a"]],
  ] as const)("dies at the second write: %s", async (moment, acknowledged, kept) => {
    const disk = createDisk();
    let deaths = 0;
    const storage = createMortalStorage(disk, () => (deaths += 1));
    storage.arm(2, moment);
    expect(await writeAll(storage, "a", "b", "c", "d")).toEqual(acknowledged);
    expect([disk.keys, deaths]).toEqual([kept, 1]);
  });

  it("loses one batch if its death is replaced after a batch was about to be lost", async () => {
    const disk = createDisk();
    const storage = createMortalStorage(disk, () => undefined);
    storage.arm(1, "lost");
    await writeAll(storage, "a");
    storage.arm(1, "lost");
    expect(await writeAll(storage, "b", "c")).toEqual(["b"]);
    expect(disk.keys).toEqual(["a"]);
  });

  it("keeps everything if its death is cancelled, even where a batch was about to be lost", async () => {
    const disk = createDisk();
    const storage = createMortalStorage(disk, () => undefined);
    storage.arm(1, "lost");
    await writeAll(storage, "a");
    storage.disarm();
    await writeAll(storage, "b");
    expect(disk.keys).toEqual(["a", "b"]);
    expect(storage.writes).toBe(2);
  });

  it("reads what it has acknowledged, also once its writer has wiped it", async () => {
    const storage = createMortalStorage(createDisk(), () => undefined);
    storage.arm(1, "lost");
    const value = Uint8Array.of(1);
    await storage.write([putRecord("notes", "a", value)]);
    value.fill(0);
    expect(await storage.scan("notes")).toEqual([{ key: "a", value: Uint8Array.of(1) }]);
  });
});
