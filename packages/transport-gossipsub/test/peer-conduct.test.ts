import { createVirtualClock } from "@demls/testkit";
import { beforeEach, describe, expect, it } from "vitest";
import { PeerConduct, SCORE_OUT } from "../src/peer-conduct.js";

let clock: ReturnType<typeof createVirtualClock>;
let conduct: PeerConduct;
let out: string[];

beforeEach(() => {
  clock = createVirtualClock();
  conduct = new PeerConduct(clock);
  out = [];
  conduct.onOut((peerId) => out.push(peerId));
});

function blame(peerId: string, fault: Parameters<PeerConduct["blame"]>[1], times: number): void {
  for (let i = 0; i < times; i++) conduct.blame(peerId, fault);
}

describe("a peer", () => {
  it("without faults has a score of 0", () => {
    expect(conduct.score("alice")).toBe(0);
    expect(conduct.isOut("alice")).toBe(false);
  });

  it.each([
    ["garbage", 20],
    ["unasked", 200],
    ["forged", 500],
    ["overRate", 5_000],
  ] as const)("is out after %s: %d", (fault, times) => {
    blame("mallory", fault, times - 1);
    expect(conduct.isOut("mallory")).toBe(false);
    // Sums of fractions may be slightly too small.
    blame("mallory", fault, 2);
    expect(conduct.isOut("mallory")).toBe(true);
    expect(conduct.score("mallory")).toBe(SCORE_OUT);
    expect(out).toEqual(["mallory"]);
  });

  it("is out sooner for large faults", () => {
    conduct.blame("mallory", "garbage", 1_048_576);
    expect(conduct.isOut("mallory")).toBe(false);
    conduct.blame("mallory", "garbage", 1_048_576);
    expect(conduct.isOut("mallory")).toBe(true);
  });

  it("is forgiven a point per second, so rare accidents put no peer out", async () => {
    for (let i = 0; i < 100; i++) {
      blame("alice", "garbage", 1);
      await clock.advance(5_000);
    }
    expect(conduct.score("alice")).toBe(-0);
    expect(out).toEqual([]);
  });

  it("may return after two minutes", async () => {
    conduct.putOut("mallory");
    conduct.putOut("mallory");
    expect(out).toEqual(["mallory"]);
    await clock.advance(119_999);
    expect(conduct.isOut("mallory")).toBe(true);
    await clock.advance(1);
    expect(conduct.isOut("mallory")).toBe(false);
    conduct.putOut("mallory");
    expect(out).toEqual(["mallory", "mallory"]);
  });

  it("is not penalised for others' faults", () => {
    blame("mallory", "garbage", 30);
    expect(conduct.score("alice")).toBe(0);
  });

  it("is forgotten after faults of a thousand other peers", () => {
    conduct.putOut("mallory");
    for (let i = 0; i < 1_024; i++) conduct.blame(`peer ${i}`, "unasked");
    expect(conduct.isOut("mallory")).toBe(false);
  });
});
