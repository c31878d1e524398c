import { createMemoryStorage } from "@demls/storage-memory";
import { DemlsError } from "@demls/wire/core";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { made, recipe } from "../../../../hostile/hostile-packet.js";
import { keeping, replaying } from "../../../../hostile/regressions.js";
import { createTries, trying } from "../../../../hostile/runs.js";
import { weightOf } from "../../../../hostile/weight.js";
import { createUserFrom, type User } from "../../src/index.js";
import { decodeRecord, encodeRecord } from "../../src/storage/plain-data.js";
import { createScene, enter, gather, settle } from "../harness/index.js";
import { REGRESSIONS } from "./places.js";

const RECORDS = 10_000;
const STORAGES = 400;

const scene = createScene("damaged");
const storage = createMemoryStorage();
const alice = await enter(scene, "alice", storage);
const [conversation] = await gather(scene, "garden", alice, await enter(scene, "bob"));
await conversation?.send("hello");
await settle(scene);
const records = storage.records().flatMap((operation) => (operation.kind === "put" ? [operation] : []));
const tries = createTries();

afterAll(() => scene.close());

test("a damaged record decodes to a value of bounded size, or is rejected", async () => {
  const genuine = records.map(({ value }) => value);
  await fc.assert(
    fc.asyncProperty(recipe, async (how) => {
      const bytes = made(how, genuine);
      tries.note("record");
      await keeping("record", bytes, () => checkRecord(bytes));
    }),
    trying(RECORDS),
  );
});

test("a record that claims a list of four thousand million entries allocates no memory for it", () => {
  const whole = encodeRecord([]);
  expect(() => decodeRecord(Uint8Array.of(whole[0] as number, 0xdd, 0xff, 0xff, 0xff, 0xff))).toThrow();
  expect(() => decodeRecord(Uint8Array.of(whole[0] as number, 0xdd, 0x01, 0x00, 0x00, 0x00))).toThrow(
    /length/,
  );
});

test("a user with a damaged record is restored, or rejected when it is created or its conversation is used first", async () => {
  const damaged = fc.tuple(fc.nat(0xffff), recipe);
  await fc.assert(
    fc.asyncProperty(damaged, async ([at, how]) => {
      const record = records[at % records.length];
      if (record === undefined) throw new Error("Nothing is stored.");
      const value = made(how, [record.value]);
      tries.note("storage");
      await keeping(`storage / ${record.namespace} / ${record.key}`, value, () =>
        restore({ ...record, value }),
      );
    }),
    trying(STORAGES),
  );
});

test("the expected number of attempts was made", () => {
  tries.expectAtLeast({ record: RECORDS, storage: STORAGES }, RECORDS + STORAGES);
});

replaying(REGRESSIONS, {
  record: checkRecord,
  storage: async (value, namespace, key) => {
    const record = records.find((each) => each.namespace === namespace && each.key === key);
    if (record === undefined) throw new Error(`There is no record ${key} in ${namespace}.`);
    await restore({ ...record, value });
  },
});

function checkRecord(bytes: Uint8Array): void {
  let value: unknown;
  try {
    value = decodeRecord(bytes);
  } catch {
    return;
  }
  expect(weightOf(value)).toBeLessThanOrEqual(64 + 24 * bytes.length);
}

async function restore(damaged: (typeof records)[number]): Promise<void> {
  const copy = records.map((record) =>
    record.namespace === damaged.namespace && record.key === damaged.key
      ? damaged
      : { ...record, value: record.value.slice() },
  );
  const options = {
    ...alice.options,
    transport: scene.network.join(),
    storage: createMemoryStorage({ records: copy }),
  };
  let user: User | undefined;
  try {
    user = await createUserFrom(options);
    for (const { admin } of user.conversations.values()) await admin.regenerateStewards();
  } catch (error) {
    expect(error instanceof DemlsError ? error.code : error).toMatch(
      /^(corrupt-storage|foreign-storage|storage-failed|storage-newer)$/,
    );
  } finally {
    await user?.close();
    await options.transport.close();
  }
}
