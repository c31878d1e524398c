import { getEventListeners } from "node:events";
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
  readonly drainedAgain: Step;
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

const newPeer = (): Peer => ({ drained: step(), drainedAgain: step(), answered: step() });

/** A stream with two buffers full of bytes: it drains twice, and is full in between. */
class FullStream extends EventTarget {
  readonly status = "open";
  writableNeedsDrain = true;

  constructor({ drained, drainedAgain }: Peer) {
    super();
    void this.#drainOn(drained, drainedAgain);
  }

  async #drainOn(first: Step, second: Step): Promise<void> {
    await first.wait();
    queueMicrotask(() => (this.writableNeedsDrain = true));
    this.#drain();
    await second.wait();
    this.#drain();
  }

  #drain(): void {
    this.writableNeedsDrain = false;
    this.dispatchEvent(new Event("drain"));
  }
}

function begin(peers: readonly Peer[]): void {
  const connections = peers.map((peer) => ({
    streams: [new FullStream(peer)],
    async newStream(_: string, options?: AbortOptions) {
      await peer.answered.wait(options);
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
    const steps = [alice.answered, bob.answered, alice.drained, alice.drainedAgain, bob.drained];
    for (const { happen } of steps) {
      happen();
      await clock.advance(500);
      expect(isFlushed).toBe(false);
    }
    bob.drainedAgain.happen();
    await clock.advance(0);
    expect(isFlushed).toBe(true);
    expect(clock.nextWakeMs()).toBeUndefined();
  });

  it("waits at most five seconds for a peer that reads or answers nothing", async () => {
    const silent = newPeer();
    silent.drained.happen();
    silent.drainedAgain.happen();
    begin([newPeer(), silent]);
    await clock.advance(4_999);
    expect(isFlushed).toBe(false);
    await clock.advance(1);
    expect(isFlushed).toBe(true);
  });

  it("leaves no listener behind, however often a stream drains", async () => {
    const stream = Object.assign(new EventTarget(), { status: "open", writableNeedsDrain: true });
    let signal: AbortSignal | undefined;
    const newStream = (_: string, options?: AbortOptions): Promise<never> => {
      signal = options?.signal;
      return Promise.reject(new Error("protocol selection failed"));
    };
    const node = { getConnections: () => [{ streams: [stream], newStream }] } as unknown as GossipsubNode;
    const flushed = flush(node, clock);
    for (let drains = 0; drains < 20; drains += 1) {
      expect(getEventListeners(stream, "drain")).toHaveLength(1);
      stream.writableNeedsDrain = drains < 19;
      stream.dispatchEvent(new Event("drain"));
      await clock.advance(1);
    }
    await flushed;
    expect(signal).toBeInstanceOf(AbortSignal);
    const listeners = [getEventListeners(stream, "close"), getEventListeners(signal as AbortSignal, "abort")];
    expect(listeners).toEqual([[], []]);
  });
});
