import { createVirtualClock } from "@demls/testkit";
import type { Packet } from "@demls/wire/core";
import { beforeEach, describe, expect, it } from "vitest";
import { Verdicts } from "../src/verdicts.js";

let clock: ReturnType<typeof createVirtualClock>;
let verdicts: Verdicts;

beforeEach(() => {
  clock = createVirtualClock();
  verdicts = new Verdicts(clock);
});

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
    expect(await verdicts.of([packet()])).toBe("passed");
  });

  it("is the session's for the delivered packet", async () => {
    verdicts.note(packet(), "passed");
    const [first, second] = [packet(), packet()];
    const [ofFirst, ofSecond] = [verdicts.of([first]), verdicts.of([second])];
    verdicts.note(second, "passed");
    verdicts.note(first, "forged");
    verdicts.note(first, "passed");
    expect([await ofFirst, await ofSecond]).toEqual(["forged", "passed"]);
  });

  it("is passed after the timeout, or without a listener", async () => {
    verdicts.note(packet(), "passed");
    expect(await verdicts.of([])).toBe("passed");
    let verdict: string | undefined;
    void verdicts.of([packet()]).then((said) => (verdict = said));
    await clock.advance(999);
    expect(verdict).toBeUndefined();
    await clock.advance(1);
    expect(verdict).toBe("passed");
  });
});
