import { createMemoryNetwork, createUser, platformRandom } from "demls";
import { bareTsMls } from "./bare-ts-mls.js";
import type { Scenario } from "./measurement.js";

const CONVERSATIONS = 100;

/** Memory per conversation of one member, averaged over a hundred conversations of one user. */
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

/** Creates and retains one more conversation per call. */
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
  if (kept.length !== CONVERSATIONS + 1) throw new Error("A conversation was not retained.");
  return held / CONVERSATIONS / 1_000;
}

/** Memory of the heap and of array buffers. */
export function heldBytes(): number {
  if (globalThis.gc === undefined) throw new Error("Run node with --expose-gc.");
  // Some garbage is only collectable after the first collection.
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
