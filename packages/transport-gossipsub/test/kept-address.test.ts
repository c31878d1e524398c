import { createSeededRandom, createVirtualClock, type VirtualClock } from "@demls/testkit";
import { beforeEach, describe, expect, it } from "vitest";
import { KeptAddress } from "../src/node/kept-address.js";

const ADDRESS = "/ip4/192.0.2.1/tcp/4001";

interface Dial {
  readonly atMs: number;
  readonly signal: AbortSignal;
  readonly answer: (peerId: string) => void;
  readonly fail: (error: Error) => void;
}

let clock: VirtualClock;
let dials: Dial[];
let connected: Set<string>;
let changes: number;
let kept: KeptAddress;

beforeEach(() => {
  clock = createVirtualClock();
  dials = [];
  connected = new Set();
  changes = 0;
  kept = new KeptAddress(
    ADDRESS,
    undefined,
    {
      clock,
      random: createSeededRandom("kept"),
      dial: (_, signal) =>
        new Promise((resolve, reject) => {
          dials.push({
            atMs: clock.monotonicMs(),
            signal,
            answer(peerId) {
              connected.add(peerId);
              resolve(peerId);
            },
            fail: reject,
          });
          signal.addEventListener("abort", () => reject(new Error("aborted")));
        }),
      isConnected: (peerId) => connected.has(peerId),
    },
    () => (changes += 1),
  );
});

function lose(peerId: string): void {
  connected.delete(peerId);
  kept.noteLost(peerId);
}

/** Fails a number of dials and returns the waits between them. */
async function waitsUntil(count: number): Promise<number[]> {
  while (dials.length < count) {
    const before = dials.length;
    dials.at(-1)?.fail(new Error("refused"));
    await clock.advanceUntil(() => dials.length > before, 60_000);
  }
  return dials.slice(1).map(({ atMs }, index) => atMs - (dials[index]?.atMs ?? 0));
}

describe("A kept address", () => {
  it("is dialled again after random waits that double up to half a minute", async () => {
    kept.connect().catch(() => undefined);
    const waits = await waitsUntil(9);
    const longest = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000];
    for (const [index, waitMs] of waits.entries()) {
      expect(waitMs).toBeGreaterThanOrEqual((longest[index] ?? 0) / 2);
      expect(waitMs).toBeLessThanOrEqual((longest[index] ?? 0) + 1);
    }
    expect(new Set(waits.slice(-2)).size).toBe(2);
  });

  it("shows the last dial's error and the time of the next dial", async () => {
    const failed = kept.connect();
    dials[0]?.fail(new Error("refused"));
    await expect(failed).rejects.toThrow("refused");
    expect(kept.view).toEqual({
      address: ADDRESS,
      state: "waiting",
      failures: 1,
      nextAtMs: clock.nextWakeMs(),
      lastError: "refused",
    });
  });

  it("schedules no dial once it is connected", async () => {
    const done = kept.connect();
    dials[0]?.answer("bob");
    await done;
    expect(kept.view).toEqual({ address: ADDRESS, state: "connected", failures: 0 });
    expect(clock.nextWakeMs()).toBeUndefined();
  });

  it("is dialled soon after a held connection is lost, however often it failed before", async () => {
    kept.connect().catch(() => undefined);
    await waitsUntil(6);
    dials[5]?.answer("bob");
    await clock.advance(5_000);
    lose("bob");
    await clock.advance(500);
    expect(dials).toHaveLength(7);
  });

  it("is dialled no more often if each connection is lost at once", async () => {
    kept.connect().catch(() => undefined);
    await waitsUntil(6);
    dials[5]?.answer("bob");
    await clock.advance(4_999);
    lose("bob");
    await clock.advance(7_999);
    expect(dials).toHaveLength(6);
    await clock.advance(8_001);
    expect(dials).toHaveLength(7);
  });

  it("is dialled again if its connection is lost before the dial's success is noticed", async () => {
    const done = kept.connect();
    dials[0]?.answer("bob");
    connected.delete("bob");
    await done;
    expect(kept.view.state).toBe("waiting");
  });

  it("ignores lost connections of other peers", async () => {
    const done = kept.connect();
    dials[0]?.answer("bob");
    await done;
    lose("carol");
    expect(kept.view.state).toBe("connected");
  });

  it("needs no further dial once its peer has connected by itself", async () => {
    const done = kept.connect();
    dials[0]?.answer("bob");
    await done;
    lose("bob");
    kept.noteConnected("carol");
    expect(dials).toHaveLength(1);
    kept.noteConnected("bob");
    expect(dials).toHaveLength(2);
    expect(clock.nextWakeMs()).toBe(10_000);
  });

  it("aborts a dial without an answer for 10 s", async () => {
    const failed = expect(kept.connect()).rejects.toThrow();
    await clock.advance(9_999);
    expect(kept.view.state).toBe("dialling");
    await clock.advance(1);
    await failed;
    expect(kept.view).toMatchObject({ state: "waiting", lastError: "No answer within 10 s." });
  });

  it("has one dial at a time, shared by all callers", async () => {
    const both = [kept.connect(), kept.connect()];
    expect(dials).toHaveLength(1);
    dials[0]?.answer("bob");
    await Promise.all(both);
  });

  it("is not dialled after a stop, which aborts the current dial", async () => {
    const failed = expect(kept.connect()).rejects.toThrow("aborted");
    kept.stop();
    await failed;
    expect(dials[0]?.signal.aborted).toBe(true);
    expect(clock.nextWakeMs()).toBeUndefined();
    expect(kept.view).toEqual({ address: ADDRESS, state: "waiting", failures: 0 });
  });

  it("is dialled again after a stop, whatever the result of the earlier dial", async () => {
    const failed = expect(kept.connect()).rejects.toThrow("aborted");
    kept.stop();
    const done = kept.connect();
    await failed;
    expect(kept.view.state).toBe("dialling");
    dials[1]?.answer("bob");
    await done;
    expect(kept.view.state).toBe("connected");
  });

  it("reports each change", async () => {
    const done = kept.connect();
    expect(changes).toBe(1);
    dials[0]?.answer("bob");
    await done;
    expect(changes).toBe(2);
    lose("bob");
    expect(changes).toBe(3);
  });
});
