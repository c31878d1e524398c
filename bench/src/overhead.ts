import { utf8ToBytes } from "@demls/wire/core";
import { chat } from "./chat.js";
import { cpuTimes, type Task } from "./cpu-time.js";
import { grownGarden } from "./garden.js";
import type { Scenario } from "./measurement.js";
import { ourGroup } from "./mls-groups.js";

/** Messages per call of a task, since one message is too short to measure. */
const BATCH = 20;
const CONTENT = "a".repeat(256);

/**
 * Overhead of wire and session on a message of 256 bytes, from one member's `send` to the other's `message` event,
 * compared with encryption and decryption by mls.
 */
export const overhead: Scenario = {
  name: "session-overhead",
  async run(effort) {
    const garden = await grownGarden(2);
    try {
      const times = await cpuTimes(
        { session: await chatting(garden.gardeners), mls: await sealing() },
        effort,
      );
      return [
        { name: "seal and open by mls", unit: "ms", ours: times.mls / BATCH },
        { name: "send and receive by session", unit: "ms", ours: times.session / BATCH },
        {
          name: "wire and session over mls",
          unit: "%",
          ours: 100 * (times.session / times.mls - 1),
          aim: { atMost: 15 },
        },
      ];
    } finally {
      await garden.close();
    }
  },
};

async function chatting(gardeners: Awaited<ReturnType<typeof grownGarden>>["gardeners"]): Promise<Task> {
  const [alice, bob] = gardeners.map(({ conversation }) => conversation);
  if (alice === undefined || bob === undefined) throw new Error("The bench needs two members.");
  let heard = (): void => undefined;
  bob.events$.subscribe(({ kind }) => {
    if (kind === "message") heard();
  });
  return async () => {
    for (let sent = 0; sent < BATCH; sent++) {
      const arrival = new Promise<void>((resolve) => (heard = resolve));
      await alice.send(CONTENT);
      await arrival;
    }
  };
}

async function sealing(): Promise<Task> {
  const { founder, second } = await ourGroup(2);
  const plaintext = chat(utf8ToBytes(CONTENT));
  let [sender, receiver] = [founder.group, second.group];
  return async () => {
    for (let sent = 0; sent < BATCH; sent++) {
      const sealed = await founder.mls.seal(sender, plaintext);
      const opened = await second.mls.open(receiver, sealed.message);
      [sender, receiver] = [sealed.group, opened.group];
    }
  };
}
