import { join } from "node:path";
import { openLevelStorage } from "@demls/storage-level";
import { utf8ToBytes, type StorageOperation, type Transport } from "@demls/wire/core";
import { createMemoryNetwork, createUser } from "demls";
import { cpuMs } from "../cpu-time.js";
import type { Measurement, Scenario } from "../measurement.js";
import { heldBytes } from "../memory.js";
import { countedStorage } from "./counted-storage.js";
import { withFolder } from "./disk.js";
import { quickGarden } from "./quick-garden.js";

/** Names of one length, so that one can take the place of another within a record. */
const nameOf = (index: number): string => `garden-${String(index).padStart(4, "0")}`;

/**
 * Opening many conversations of three: a storage with one is copied under other names. CPU time until `createUser` returns,
 * and until all conversations, which are restored in turn, have asked what they missed; memory of what is then held.
 */
export const opening: Scenario = {
  name: "storage-opening",
  run: async ({ opened }) => withFolder((folder) => measured(join(folder, "store"), opened)),
};

async function measured(location: string, count: number): Promise<readonly Measurement[]> {
  const original = countedStorage();
  const garden = await quickGarden(nameOf(0), [undefined, original, undefined]);
  const [, key] = garden.keys;
  if (key === undefined) throw new Error("The bench needs two members.");
  await garden.close();
  const filled = await openLevelStorage(location, { durability: "relaxed" });
  const records = original.records();
  await filled.write(records);
  for (let index = 1; index < count; index++) await filled.write(copied(records, index));
  await filled.close();

  const heldBefore = heldBytes();
  const { transport, asked } = askedThrough(createMemoryNetwork().join(), count);
  const begunMs = cpuMs();
  const storage = await openLevelStorage(location);
  const checkedMs = cpuMs();
  const user = await createUser({ key, transport, storage });
  const createdMs = cpuMs();
  await asked;
  const askedMs = cpuMs();
  const held = heldBytes() - heldBefore;
  if (user.conversations.size !== count) throw new Error("A conversation was not restored.");
  await user.close();
  await storage.close();
  const what = `${count} conversations of three`;
  return [
    { name: `${what}, storage checked`, unit: "ms", ours: checkedMs - begunMs },
    { name: `${what}, user created`, unit: "ms", ours: createdMs - checkedMs },
    {
      ...{ name: `${what}, opened`, unit: "ms", ours: createdMs - begunMs },
      ...(count === 1_000 && { aim: { atMost: 1_500 } }),
    },
    { name: `${what}, all restored and asked`, unit: "ms", ours: askedMs - createdMs },
    {
      ...{ name: `${what}, memory`, unit: "MB", ours: held / 1e6 },
      ...(count === 1_000 && { aim: { atMost: 300 } }),
    },
  ];
}

/** The transport, and a promise that resolves once so many conversations have published a packet. */
function askedThrough(
  transport: Transport,
  count: number,
): { readonly transport: Transport; readonly asked: Promise<void> } {
  const names = new Set<string>();
  let note = (): void => undefined;
  const asked = new Promise<void>((resolve) => (note = resolve));
  return {
    asked,
    transport: {
      ...transport,
      publish(packet) {
        if (names.add(packet.conversationId).size === count) note();
        return transport.publish(packet);
      },
    },
  };
}

/** The records of the first conversation, as those of another one. */
function copied(records: readonly StorageOperation[], index: number): readonly StorageOperation[] {
  const number = index + 1;
  return records.flatMap((record): readonly StorageOperation[] => {
    if (record.kind !== "put") return [];
    const { namespace, key, value } = record;
    if (namespace === "conversation/1")
      return [{ ...record, namespace: `conversation/${number}`, value: renamed(value, index) }];
    if (namespace !== "user" || !key.startsWith("conversation/")) return [];
    return [{ ...record, key: `conversation/${String(number).padStart(16, "0")}` }];
  });
}

/** The value with the other name in each place of the first one. */
function renamed(value: Uint8Array, index: number): Uint8Array {
  const text = Buffer.from(value);
  const [from, to] = [utf8ToBytes(nameOf(0)), utf8ToBytes(nameOf(index))];
  for (let at = text.indexOf(from); at >= 0; at = text.indexOf(from, at + from.length)) text.set(to, at);
  return Uint8Array.from(text);
}
