import { createVirtualClock } from "@demls/testkit";
import { beforeEach, describe, expect, it } from "vitest";
import { Resending } from "../src/resending.js";

let clock: ReturnType<typeof createVirtualClock>;
let sentAgain: string[];
let rounds: Set<number>;
let timestamp = 0n;
let resending: Resending;

beforeEach(() => {
  clock = createVirtualClock();
  sentAgain = [];
  rounds = new Set();
  resending = new Resending(clock, async ({ packet }, round) => {
    rounds.add(round);
    sentAgain.push(packet.subtopic);
  });
});

function send(name: string, topic = "garden", bytes = 1): void {
  const packet = {
    payload: new Uint8Array(bytes),
    subtopic: name,
    conversationId: topic,
    appId: new Uint8Array(16),
  };
  timestamp += 1n;
  resending.keepOwn({ topic, packet, timestamp });
}

describe("resending", () => {
  it("sends kept packets in their order to a new subscriber of their topic", async () => {
    send("first");
    send("elsewhere", "cellar");
    send("second");
    resending.noteNewcomer("garden");
    expect(sentAgain).toEqual([]);
    await clock.advance(1_500);
    expect(sentAgain).toEqual(["first", "second"]);
  });

  it("covers the packets of the last minute", async () => {
    send("old");
    await clock.advance(58_000);
    send("new");
    await clock.advance(1_000);
    resending.noteNewcomer("garden");
    await clock.advance(1_500);
    expect(sentAgain).toEqual(["new"]);
  });

  it("covers the newest 128 packets and at most a megabyte", async () => {
    for (let i = 0; i < 130; i++) send(`${i}`);
    resending.noteNewcomer("garden");
    await clock.advance(1_500);
    expect(sentAgain).toHaveLength(128);
    expect(sentAgain[0]).toBe("2");
    sentAgain = [];
    send("large", "garden", 1_048_576);
    resending.noteNewcomer("garden");
    await clock.advance(10_000);
    expect(sentAgain).toEqual(["large"]);
  });

  it("runs once for subscribers in a short while, and once in ten seconds for repeated ones", async () => {
    send("hello");
    resending.noteNewcomer("garden");
    resending.noteNewcomer("garden");
    await clock.advance(1_500);
    for (let i = 0; i < 17; i++) {
      resending.noteNewcomer("garden");
      await clock.advance(500);
    }
    expect(sentAgain).toEqual(["hello"]);
    await clock.advance(1_500);
    expect(sentAgain).toEqual(["hello", "hello"]);
    expect(rounds.size).toBe(2);
  });

  it("includes others' packets in the common order, without evicting own ones", async () => {
    send("own");
    for (let i = 0; i < 200; i++) {
      timestamp += 1n;
      const packet = {
        payload: new Uint8Array(1),
        subtopic: `${i}`,
        conversationId: "garden",
        appId: new Uint8Array(),
      };
      resending.keepHeard({ topic: "garden", packet, timestamp });
    }
    send("own, later");
    resending.noteNewcomer("garden");
    await clock.advance(1_500);
    expect(sentAgain).toEqual(["own", ...Array.from({ length: 128 }, (_, i) => `${i + 72}`), "own, later"]);
  });

  it("stops when the topic is left or the transport closed", async () => {
    send("hello");
    resending.noteNewcomer("garden");
    resending.leave("garden");
    send("below", "cellar");
    resending.noteNewcomer("cellar");
    resending.close();
    await clock.advance(60_000);
    expect(sentAgain).toEqual([]);
  });
});
