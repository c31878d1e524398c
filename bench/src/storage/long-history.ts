import { join } from "node:path";
import { openLevelStorage } from "@demls/storage-level";
import { cpuMs } from "../cpu-time.js";
import type { Measurement, Scenario } from "../measurement.js";
import { bytesIn, withFolder } from "./disk.js";
import { quickGarden } from "./quick-garden.js";

const IN_FLIGHT = 100;
const CONTENT = "a".repeat(100);

/** The store of a member that keeps all of its messages of 100 bytes: its files, and the CPU time of opening it. */
export const longHistory: Scenario = {
  name: "storage-history",
  run: async ({ kept }) => withFolder((folder) => measured(join(folder, "store"), kept)),
};

async function measured(location: string, count: number): Promise<readonly Measurement[]> {
  const filled = await openLevelStorage(location, { durability: "relaxed" });
  const garden = await quickGarden("garden", [filled], "all");
  const [conversation] = garden.conversations;
  let sent = 0;
  const sendOn = async (): Promise<void> => {
    while (sent++ < count) await (await conversation?.send(CONTENT))?.published;
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, sendOn));
  await garden.close();
  await filled.close();
  const bytes = bytesIn(location);
  const begunMs = cpuMs();
  const storage = await openLevelStorage(location);
  const openedMs = cpuMs() - begunMs;
  await storage.close();
  return [
    { name: `store after ${count} messages`, unit: "MB", ours: bytes / 1e6 },
    { name: `store after ${count} messages, checked`, unit: "ms", ours: openedMs },
  ];
}
