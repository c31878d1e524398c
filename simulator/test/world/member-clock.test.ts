import { createVirtualClock } from "@demls/testkit";
import { describe, expect, it } from "vitest";
import { createMemberClock } from "../../src/world/member-clock.js";

describe("the clock of a member's process", () => {
  it("starts at zero, and its wall clock differs by the skew", async () => {
    const world = createVirtualClock({ wallMs: 1_000_000 });
    await world.advance(500);
    const clock = createMemberClock(world, () => 7);
    expect([clock.monotonicMs(), clock.wallMs()]).toEqual([0, 1_000_507]);
  });

  it("delays its timers by a sleep, while its wall clock runs", async () => {
    const world = createVirtualClock({ wallMs: 0 });
    const clock = createMemberClock(world, () => 0);
    const rung: number[] = [];
    clock.wakeAt(1_000, () => rung.push(world.monotonicMs()));
    await world.advance(400);
    clock.sleep();
    clock.wakeAt(500, () => rung.push(world.monotonicMs()));
    await world.advance(10_000);
    expect([rung, clock.monotonicMs(), clock.wallMs()]).toEqual([[], 400, 10_400]);
    clock.wake();
    await world.advance(10_000);
    expect(rung).toEqual([10_500, 11_000]);
  });

  it("calls no timer after its process is gone", async () => {
    const world = createVirtualClock();
    const clock = createMemberClock(world, () => 0);
    let rings = 0;
    clock.wakeAt(1, () => (rings += 1));
    clock.stop();
    clock.wakeAt(2, () => (rings += 1));
    await world.advance(10);
    expect(rings).toBe(0);
  });
});
