import { createVirtualClock, type VirtualClock } from "@demls/testkit";
import type { AbortOptions } from "@libp2p/interface";
import { beforeEach, describe, expect, it } from "vitest";
import type { GossipsubNode } from "../src/index.js";
import { flush } from "../src/node/flush.js";

let clock: VirtualClock;
let isFlushed: boolean;
beforeEach(() => {
  clock = createVirtualClock();
  isFlushed = false;
});

/** An action of a peer, triggered by `happen`. */
interface Step {
  readonly happen: () => void;
  readonly wait: (options?: AbortOptions) => Promise<void>;
}

interface Peer {
  readonly drained: Step;
  readonly answered: Step;
}

function step(): Step {
  let happen = (): void => undefined;
  const happened = new Promise<void>((resolve) => (happen = resolve));
  const wait = (options?: AbortOptions): Promise<void> =>
    Promise.race([
      happened,
      new Promise<never>((_, reject) =>
        options?.signal?.addEventListener("abort", () => reject(new Error("late"))),
      ),
    ]);
  return { happen, wait };
}

const newPeer = (): Peer => ({ drained: step(), answered: step() });

function begin(peers: readonly Peer[]): void {
  const connections = peers.map(({ drained, answered }) => ({
    streams: [{ onDrain: drained.wait }],
    async newStream(_: string, options?: AbortOptions) {
      await answered.wait(options);
      throw new Error("protocol selection failed");
    },
  }));
  const node = { getConnections: () => connections } as unknown as GossipsubNode;
  void flush(node, clock).then(() => (isFlushed = true));
}

describe("A flush before a node stops", () => {
  it("waits until each peer has read the sent bytes and answered a later request", async () => {
    const [alice, bob]: readonly [Peer, Peer] = [newPeer(), newPeer()];
    begin([alice, bob]);
    for (const { happen } of [alice.answered, bob.answered, alice.drained]) {
      happen();
      await clock.advance(1_000);
      expect(isFlushed).toBe(false);
    }
    bob.drained.happen();
    await clock.advance(0);
    expect(isFlushed).toBe(true);
    expect(clock.nextWakeMs()).toBeUndefined();
  });

  it("waits at most five seconds for a peer that reads or answers nothing", async () => {
    const silent = newPeer();
    silent.drained.happen();
    begin([newPeer(), silent]);
    await clock.advance(4_999);
    expect(isFlushed).toBe(false);
    await clock.advance(1);
    expect(isFlushed).toBe(true);
  });
});
