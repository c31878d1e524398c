import { join } from "node:path";
import { openLevelStorage, type LevelStorage } from "@demls/storage-level";
import type { Conversation } from "demls";
import { cpuMs } from "../cpu-time.js";
import type { Effort } from "../effort.js";
import type { Measurement, Scenario } from "../measurement.js";
import { withFolder } from "./disk.js";
import { quickGarden, type QuickGarden } from "./quick-garden.js";

const KINDS = ["none", "relaxed", "strict"] as const;
type Kind = (typeof KINDS)[number];

const IN_FLIGHT = 100;
const CONTENT = "a".repeat(100);

/** Parts of the rate without a storage that are to be kept with one. */
const AIMS = { strict: 0.5, relaxed: 0.8 } as const;

const SIZES = [
  [1, "alone"],
  [3, "with three"],
] as const;

/**
 * Sends a second with a storage as a part of those without one, 100 in flight until each is published, in wall time: a flush
 * takes no CPU time. All members have a storage of the kind. The kinds alternate; the best turn of each counts.
 */
export const storedSends: Scenario = {
  name: "storage-sends",
  async run(effort) {
    const measurements: Measurement[] = [];
    for (const [size, situation] of SIZES)
      measurements.push(...(await withFolder((folder) => measured(folder, size, situation, effort))));
    return measurements;
  },
};

async function measured(
  folder: string,
  size: number,
  situation: string,
  effort: Effort,
): Promise<readonly Measurement[]> {
  const storages: LevelStorage[] = [];
  const gardens = new Map<Kind, QuickGarden>();
  for (const kind of KINDS) {
    const own = Array.from({ length: size }, async (_, member) => {
      if (kind === "none") return undefined;
      const storage = await openLevelStorage(join(folder, `${kind}-${member}`), { durability: kind });
      storages.push(storage);
      return storage;
    });
    gardens.set(kind, await quickGarden("garden", await Promise.all(own)));
  }
  const best: Record<Kind, number> = { none: 0, relaxed: 0, strict: 0 };
  const leastCpuMs: Record<Kind, number> = { none: Infinity, relaxed: Infinity, strict: Infinity };
  for (let round = 0; round < 2 * effort.rounds; round++)
    for (const [kind, { conversations }] of gardens) {
      const { perSecond, cpuMsEach } = await sendAll(conversations, effort.sends);
      best[kind] = Math.max(best[kind], perSecond);
      leastCpuMs[kind] = Math.min(leastCpuMs[kind], cpuMsEach);
    }
  for (const garden of gardens.values()) await garden.close();
  for (const storage of storages) await storage.close();
  return [
    { name: `sends a second ${situation}`, unit: "1/s", ours: best.none },
    ...(["relaxed", "strict"] as const).map((kind): Measurement => ({
      name: `${kind} storage ${situation}`,
      unit: "× none",
      ours: best[kind] / best.none,
      aim: { atLeast: AIMS[kind] },
    })),
    {
      ...{ name: `relaxed storage ${situation}, by CPU time`, unit: "× none" },
      ours: leastCpuMs.none / leastCpuMs.relaxed,
    },
  ];
}

async function sendAll(
  conversations: readonly Conversation[],
  count: number,
): Promise<{ readonly perSecond: number; readonly cpuMsEach: number }> {
  const [sender, ...others] = conversations;
  if (sender === undefined) throw new Error("The bench needs a member.");
  const heard = others.map((other) => messagesOf(other, count));
  const [startMs, startCpuMs] = [performance.now(), cpuMs()];
  let sent = 0;
  const sendOn = async (): Promise<void> => {
    while (sent++ < count) await (await sender.send(CONTENT)).published;
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, sendOn));
  await Promise.all(heard);
  return {
    perSecond: (1_000 * count) / (performance.now() - startMs),
    cpuMsEach: (cpuMs() - startCpuMs) / count,
  };
}

/** Resolves after so many messages. */
function messagesOf({ events$ }: Conversation, count: number): Promise<void> {
  return new Promise((resolve) => {
    let heard = 0;
    const subscription = events$.subscribe(({ kind }) => {
      if (kind !== "message" || ++heard < count) return;
      subscription.unsubscribe();
      resolve();
    });
  });
}
