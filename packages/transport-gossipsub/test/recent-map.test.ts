import { describe, expect, it } from "vitest";
import { RecentMap } from "../src/recent-map.js";

describe("a map of recent entries", () => {
  it("has exactly the entries that were set", () => {
    const recent = new RecentMap<string, number>(2).set("a", 1).set("a", 2);
    expect([recent.get("a"), recent.get("b"), recent.size]).toEqual([2, undefined, 1]);
  });

  it("evicts the entry that was set longest ago", () => {
    const recent = new RecentMap<string, true>(2);
    for (const id of ["a", "b", "a", "c"]) recent.set(id, true);
    expect([recent.has("a"), recent.has("b"), recent.has("c")]).toEqual([true, false, true]);
  });

  it("holds no more than its bound, however many are set", () => {
    const recent = new RecentMap<string, true>(8);
    const ids = Array.from({ length: 1_000 }, (_, i) => `${i}`);
    for (const id of ids) recent.set(id, true);
    expect([...recent.keys()]).toEqual(ids.slice(-8));
  });
});
