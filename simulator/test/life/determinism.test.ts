import { expect, test } from "vitest";
import { liveSmall } from "../lives.js";

test("a life under all faults is the same to the byte each time that its seed is played", async () => {
  const lines: string[] = [];
  const first = await liveSmall({ faults: "all", onLine: (line) => lines.push(line) });
  expect(await liveSmall({ faults: "all" })).toEqual(first);
  expect(first.packets).toBeGreaterThan(50);
  expect(lines.length).toBeGreaterThan(first.packets);
});

test("lives of other seeds differ", async () => {
  const [first, second] = [await liveSmall({ seed: 1 }), await liveSmall({ seed: 2 })];
  expect(first.digest).not.toBe(second.digest);
});
