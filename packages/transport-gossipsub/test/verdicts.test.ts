import { createVirtualClock } from "@demls/testkit";
import type { Packet, PacketVerdict } from "@demls/wire/core";
import { beforeEach, describe, expect, it } from "vitest";
import { Verdicts } from "../src/verdicts.js";

let clock: ReturnType<typeof createVirtualClock>;
let verdicts: Verdicts;
let late: PacketVerdict[];

beforeEach(() => {
  clock = createVirtualClock();
  verdicts = new Verdicts(clock);
  late = [];
});

function verdictOf(copies: readonly Packet[]): Promise<PacketVerdict> {
  return verdicts.of(copies, { meanwhile: () => "passed", onLate: (verdict) => late.push(verdict) });
}

function packet(): Packet {
  return {
    payload: new Uint8Array(1),
    subtopic: "app_msg",
    conversationId: "garden",
    appId: new Uint8Array(16),
  };
}

describe("the verdict on a packet", () => {
  it("is not awaited if no listener has ever given one", async () => {
    expect(await verdictOf([packet()])).toBe("passed");
  });

  it("is the session's for the delivered packet", async () => {
    verdicts.note(packet(), "passed");
    const [first, second] = [packet(), packet()];
    const [ofFirst, ofSecond] = [verdictOf([first]), verdictOf([second])];
    verdicts.note(second, "passed");
    verdicts.note(first, "forged");
    verdicts.note(first, "passed");
    expect([await ofFirst, await ofSecond]).toEqual(["forged", "passed"]);
  });

  it("is the session's if it was given during the delivery", async () => {
    const refused = packet();
    verdicts.note(refused, "unjudged");
    expect(await verdictOf([refused])).toBe("unjudged");
  });

  it("is passed without a listener", async () => {
    verdicts.note(packet(), "forged");
    expect(await verdictOf([])).toBe("passed");
  });

  it("is the one for meanwhile after the timeout, and the session's follows", async () => {
    verdicts.note(packet(), "passed");
    let verdict: string | undefined;
    const slow = packet();
    void verdictOf([slow]).then((said) => (verdict = said));
    await clock.advance(999);
    expect(verdict).toBeUndefined();
    await clock.advance(1);
    expect(verdict).toBe("passed");
    expect(late).toEqual([]);
    verdicts.note(slow, "forged");
    expect(late).toEqual(["forged"]);
  });
});
