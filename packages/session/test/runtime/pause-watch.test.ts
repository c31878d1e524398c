import { createVirtualClock, type VirtualClock } from "@demls/testkit";
import { beforeEach, describe, expect, test } from "vitest";
import { createPauseWatch, type PauseWatch } from "../../src/runtime/pause-watch.js";

let clock: VirtualClock;
let watch: PauseWatch;

beforeEach(() => {
  clock = createVirtualClock();
  watch = createPauseWatch(clock);
});

describe("The pause watch", () => {
  test("notices a wake-up that is more than ten seconds late", async () => {
    watch.expect(1_000);
    await clock.advance(11_001);
    expect(watch.wasPaused()).toBe(true);
  });

  test("ignores a wake-up that is ten seconds late", async () => {
    watch.expect(1_000);
    await clock.advance(11_000);
    expect(watch.wasPaused()).toBe(false);
  });

  test("ignores any time without an expected wake-up", async () => {
    watch.expect(undefined);
    await clock.advance(1_000_000);
    expect(watch.wasPaused()).toBe(false);
  });

  test("ignores a wake-up that lies ahead", async () => {
    watch.expect(1_000_000);
    await clock.advance(500_000);
    expect(watch.wasPaused()).toBe(false);
  });

  test.each([10_001, -10_001])("notices a wall clock that moved by %i ms alone", (ms) => {
    clock.jumpWall(ms);
    expect(watch.wasPaused()).toBe(true);
  });

  test.each([10_000, -10_000])("ignores a wall clock that moved by %i ms alone", (ms) => {
    clock.jumpWall(ms);
    expect(watch.wasPaused()).toBe(false);
  });

  test("reports a pause once", async () => {
    watch.expect(1_000);
    clock.jumpWall(20_000);
    await clock.advance(20_000);
    expect(watch.wasPaused()).toBe(true);
    expect(watch.wasPaused()).toBe(false);
  });
});
