import { describe, expect, it } from "vitest";
import { RecentIds } from "../src/recent-ids.js";

describe("the memory of recent ids", () => {
  it("tells an id that it was shown from a new one", () => {
    const recent = new RecentIds(2);
    expect([recent.add("a"), recent.add("a"), recent.add("b")]).toEqual([true, false, true]);
    expect([recent.has("a"), recent.has("c")]).toEqual([true, false]);
  });

  it("forgets the one that was shown longest ago where there are more than its bound", () => {
    const recent = new RecentIds(2);
    for (const id of ["a", "b", "a", "c"]) recent.add(id);
    expect([recent.has("a"), recent.has("b"), recent.has("c")]).toEqual([true, false, true]);
  });

  it("holds no more than its bound, however many it is shown", () => {
    const recent = new RecentIds(8);
    const ids = Array.from({ length: 1_000 }, (_, i) => `${i}`);
    for (const id of ids) recent.add(id);
    expect(ids.filter((id) => recent.has(id))).toEqual(ids.slice(-8));
  });
});
