import { join } from "node:path";
import { openLevelStorage } from "@demls/storage-level";
import { createMemoryNetwork, createUser, type Conversation } from "demls";
import { cpuMs } from "../cpu-time.js";
import type { Measurement, Scenario } from "../measurement.js";
import { bytesIn, withFolder } from "./disk.js";
import { quickGarden } from "./quick-garden.js";

const IN_FLIGHT = 100;
const CONTENT = "a".repeat(100);

/** Sends whose cost is measured, at the beginning and at the end. */
const TURN = 1_000;

/**
 * The store of a member that keeps all of its messages of 100 bytes: its files, the CPU time of opening it, and that of a
 * send at the beginning and at the end.
 */
export const longHistory: Scenario = {
  name: "storage-history",
  run: async ({ kept }) => withFolder((folder) => measured(join(folder, "store"), kept)),
};

async function measured(location: string, count: number): Promise<readonly Measurement[]> {
  const filled = await openLevelStorage(location, { durability: "relaxed" });
  const garden = await quickGarden("garden", [filled], "all");
  const [conversation] = garden.conversations;
  const [key] = garden.keys;
  if (conversation === undefined || key === undefined) throw new Error("The bench needs a member.");
  // The first ones wait for the compiler.
  const turn = Math.min(TURN, Math.floor(count / 4));
  await sendAll(conversation, turn);
  const firstMs = (await sendAll(conversation, turn)) / turn;
  await sendAll(conversation, count - 3 * turn);
  const lastMs = (await sendAll(conversation, turn)) / turn;
  await garden.close();
  await filled.close();
  const bytes = bytesIn(location);
  const begunMs = cpuMs();
  const storage = await openLevelStorage(location);
  const checkedMs = cpuMs();
  const user = await createUser({
    ...{ key, storage, history: "all" as const },
    transport: createMemoryNetwork().join(),
  });
  const createdMs = cpuMs();
  await user.close();
  await storage.close();
  const after = `after ${count} messages`;
  return [
    { name: `store ${after}`, unit: "MB", ours: bytes / 1e6 },
    { name: `store ${after}, checked`, unit: "ms", ours: checkedMs - begunMs },
    { name: `store ${after}, user created`, unit: "ms", ours: createdMs - checkedMs },
    { name: "send with a history, at first", unit: "ms", ours: firstMs },
    { name: `send ${after}`, unit: "ms", ours: lastMs },
  ];
}

/** CPU time of so many sends. */
async function sendAll(conversation: Conversation, count: number): Promise<number> {
  const begunMs = cpuMs();
  let sent = 0;
  const sendOn = async (): Promise<void> => {
    while (sent++ < count) await (await conversation.send(CONTENT)).published;
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, sendOn));
  return cpuMs() - begunMs;
}
