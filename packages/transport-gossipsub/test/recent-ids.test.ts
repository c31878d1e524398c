import { describe, expect, it } from "vitest";
import { RecentIds } from "../src/recent-ids.js";

describe("a bounded set of recent ids", () => {
  it("distinguishes known from new ids", () => {
    const recent = new RecentIds(2);
    expect([recent.add("a"), recent.add("a"), recent.add("b")]).toEqual([true, false, true]);
    expect([recent.has("a"), recent.has("c")]).toEqual([true, false]);
  });

  it("evicts the oldest id beyond its bound", () => {
    const recent = new RecentIds(2);
    for (const id of ["a", "b", "a", "c"]) recent.add(id);
    expect([recent.has("a"), recent.has("b"), recent.has("c")]).toEqual([true, false, true]);
  });

  it("never exceeds its bound", () => {
    const recent = new RecentIds(8);
    const ids = Array.from({ length: 1_000 }, (_, i) => `${i}`);
    for (const id of ids) recent.add(id);
    expect(ids.filter((id) => recent.has(id))).toEqual(ids.slice(-8));
  });
});
