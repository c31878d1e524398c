import { createVirtualClock, type VirtualClock } from "@demls/testkit";
import { DemlsError } from "@demls/wire/core";
import { beforeEach, describe, expect, it } from "vitest";
import { WaitingPackets } from "../src/waiting-packets.js";

const TIMEOUT_MS = 10_000;

let clock: VirtualClock;
let waiting: WaitingPackets;
/** Topics with a peer. */
let peers: Map<string, number>;
let sent: string[];

beforeEach(() => {
  clock = createVirtualClock();
  waiting = new WaitingPackets(clock, TIMEOUT_MS);
  peers = new Map();
  sent = [];
});

/** Fate of a packet: `sent`, or the code of its error. */
function wait(name: string, topic = "garden", bytes = 1): Promise<string> {
  const attempt = async (): Promise<number> => {
    const count = peers.get(topic) ?? 0;
    if (count > 0) sent.push(name);
    return count;
  };
  return outcome(waiting.wait(topic, bytes, attempt));
}

function outcome(promise: Promise<void>): Promise<string> {
  return promise.then(
    () => "sent",
    (error: unknown) => (error instanceof DemlsError ? String(error.code) : String(error)),
  );
}

describe("packets that wait for a peer", () => {
  it("are sent in the order of publishing when a peer comes", async () => {
    const outcomes = [wait("first"), wait("second"), wait("third")];
    await waiting.retry();
    expect(sent).toEqual([]);
    peers.set("garden", 1);
    await waiting.retry();
    expect(await Promise.all(outcomes)).toEqual(["sent", "sent", "sent"]);
    expect(sent).toEqual(["first", "second", "third"]);
    expect(waiting.count).toBe(0);
  });

  it("do not wait behind packets of another topic", async () => {
    const [early, late] = [wait("to the cellar", "cellar"), wait("to the garden")];
    peers.set("garden", 1);
    await waiting.retry();
    expect(await late).toBe("sent");
    expect(waiting.hasTopic("cellar")).toBe(true);
    expect(waiting.hasTopic("garden")).toBe(false);
    peers.set("cellar", 1);
    await waiting.retry();
    expect(await early).toBe("sent");
  });

  it("are rejected at their own timeouts, and leave no timer", async () => {
    const first = wait("first");
    await clock.advance(TIMEOUT_MS - 1);
    const second = wait("second");
    expect(waiting.count).toBe(2);
    await clock.advance(1);
    expect(await first).toBe("no-peers");
    expect(waiting.count).toBe(1);
    peers.set("garden", 1);
    await waiting.retry();
    expect(await second).toBe("sent");
    expect(clock.nextWakeMs()).toBeUndefined();
  });

  it("are 1,024 at most: the next is rejected, none before", async () => {
    const outcomes = Array.from({ length: 1_024 }, (_, i) => wait(`${i}`));
    expect(await wait("one more")).toBe("too-many-waiting");
    expect(waiting.count).toBe(1_024);
    peers.set("garden", 1);
    await waiting.retry();
    expect(new Set(await Promise.all(outcomes))).toEqual(new Set(["sent"]));
    const again = wait("one more");
    await waiting.retry();
    expect(await again).toBe("sent");
  });

  it("have 16 MiB at most, which are free again once sent", async () => {
    const large = wait("large", "garden", 16 * 1_048_576);
    expect(await wait("one more")).toBe("too-many-waiting");
    await clock.advance(TIMEOUT_MS);
    expect(await large).toBe("no-peers");
    const next = wait("next");
    expect(waiting.count).toBe(1);
    waiting.close(new DemlsError("closed", { message: "It is closed." }));
    expect(await next).toBe("closed");
  });

  it("are rejected on close, as are later packets, also from an attempt under way", async () => {
    let resolveAttempt: (peers: number) => void = () => undefined;
    const underWay = outcome(
      waiting.wait("garden", 1, () => new Promise<number>((resolve) => (resolveAttempt = resolve))),
    );
    const retried = waiting.retry();
    waiting.close(new DemlsError("closed", { message: "It is closed." }));
    resolveAttempt(0);
    await retried;
    expect(await underWay).toBe("closed");
    expect(await wait("later")).toBe("closed");
    expect(clock.nextWakeMs()).toBeUndefined();
  });

  it("are tried once more if a peer came during the attempt", async () => {
    let attempts = 0;
    const raced = outcome(
      waiting.wait("garden", 1, async () => {
        attempts += 1;
        if (attempts > 1) return 1;
        void waiting.retry();
        return 0;
      }),
    );
    await waiting.retry();
    expect(await raced).toBe("sent");
    expect(attempts).toBe(2);
  });

  it("are rejected with an attempt's error, and hold up no other", async () => {
    const broken = outcome(
      waiting.wait("garden", 1, () => Promise.reject(new DemlsError("broken", { message: "It is broken." }))),
    );
    const sound = wait("sound");
    peers.set("garden", 1);
    await waiting.retry();
    expect(await broken).toBe("broken");
    expect(await sound).toBe("sent");
  });
});
