import { createVirtualClock } from "@demls/testkit";
import { beforeEach, describe, expect, it } from "vitest";
import { PeerIntake } from "../src/peer-intake.js";

let clock: ReturnType<typeof createVirtualClock>;
let intake: PeerIntake;
let served: string[];

beforeEach(() => {
  clock = createVirtualClock();
  intake = new PeerIntake(clock, { perSecond: 10, atOnce: 20 });
  served = [];
});

/** Requests `count` turns of a peer at once. */
function ask(peerId: string, count: number, cost = 1): void {
  for (let i = 0; i < count; i++) void intake.take(peerId, cost).then(() => served.push(peerId));
}

function countOf(peerId: string): number {
  return served.filter((each) => each === peerId).length;
}

describe("the intake of a node", () => {
  it("grants turns at once up to the burst, then at its rate", async () => {
    ask("mallory", 100);
    await clock.advance(0);
    expect(served).toHaveLength(20);
    await clock.advance(1_000);
    expect(served.length).toBeGreaterThanOrEqual(29);
    expect(served.length).toBeLessThanOrEqual(31);
    await clock.advance(2_000);
    expect(served.length).toBeLessThanOrEqual(51);
    await clock.advance(60_000);
    expect(served).toHaveLength(100);
  });

  it("does not delay a peer by another's flood", async () => {
    ask("mallory", 1_000);
    await clock.advance(0);
    ask("alice", 3);
    await clock.advance(700);
    expect(countOf("alice")).toBe(3);
    expect(countOf("mallory")).toBeLessThan(30);
  });

  it("serves equal shares by cost to peers that exceed theirs", async () => {
    ask("mallory", 1_000);
    ask("trudy", 200, 5);
    ask("alice", 1_000);
    await clock.advance(60_000);
    const [mallory, trudy, alice] = [countOf("mallory"), 5 * countOf("trudy"), countOf("alice")];
    // Mallory came first and used all of the burst.
    expect(mallory - 20).toBeGreaterThan(180);
    expect(Math.abs(alice - trudy)).toBeLessThan(25);
  });

  it("delays a peer later for a cost that was not visible before", async () => {
    await intake.take("mallory", 1);
    intake.charge("mallory", 25);
    ask("mallory", 2);
    ask("alice", 2);
    await clock.advance(2_000);
    expect(served).toEqual(["alice", "alice", "mallory", "mallory"]);
  });

  it("grants all turns after it is closed", async () => {
    ask("mallory", 100);
    intake.close();
    ask("alice", 1);
    await clock.advance(0);
    expect(served).toHaveLength(101);
  });

  it("limits again after a restart", async () => {
    intake.close();
    intake.open();
    ask("mallory", 100);
    await clock.advance(0);
    expect(served.length).toBeLessThan(100);
  });
});
