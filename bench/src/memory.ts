import { createMemoryNetwork, createUser, platformRandom } from "demls";
import { bareTsMls } from "./bare-ts-mls.js";
import type { Scenario } from "./measurement.js";

const CONVERSATIONS = 100;

/** What a conversation of one member keeps, of a hundred that one user has. */
export const memory: Scenario = {
  name: "memory",
  async run() {
    return [
      {
        name: "memory of a conversation",
        unit: "kB",
        ours: await kilobytesEach(await conversations()),
        tsMls: await kilobytesEach(await bareGroups()),
      },
    ];
  },
};

/** Makes one more each time, and keeps it. */
type Grow = (index: number) => Promise<unknown>;

async function conversations(): Promise<Grow> {
  const user = await createUser({ key: platformRandom.bytes(32), transport: createMemoryNetwork().join() });
  return (index) => user.createConversation(`solo-${index}`);
}

async function bareGroups(): Promise<Grow> {
  const tsMls = await bareTsMls();
  return async () => tsMls.create(await tsMls.keyPackage("solo"));
}

async function kilobytesEach(grow: Grow): Promise<number> {
  const kept: unknown[] = [await grow(-1)];
  const before = heldBytes();
  for (let index = 0; index < CONVERSATIONS; index++) kept.push(await grow(index));
  const held = heldBytes() - before;
  if (kept.length !== CONVERSATIONS + 1) throw new Error("Something was not kept.");
  return held / CONVERSATIONS / 1_000;
}

/** On the heap and beside it, where array buffers are. */
function heldBytes(): number {
  if (globalThis.gc === undefined) throw new Error("Run node with --expose-gc.");
  // What the first one sets free, the second one takes away.
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
