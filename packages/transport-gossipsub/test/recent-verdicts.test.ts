import { describe, expect, it } from "vitest";
import { RecentVerdicts } from "../src/recent-verdicts.js";

describe("a bounded map of recent verdicts", () => {
  it("returns verdicts of recorded ids only", async () => {
    const recent = new RecentVerdicts(2);
    recent.note("a", Promise.resolve("forged"));
    expect(await recent.recall("a")).toBe("forged");
    expect(recent.recall("b")).toBeUndefined();
  });

  it("evicts the verdict read longest ago beyond its bound", () => {
    const recent = new RecentVerdicts(2);
    for (const id of ["a", "b"]) recent.note(id, Promise.resolve("passed"));
    void recent.recall("a");
    recent.note("c", Promise.resolve("passed"));
    expect(["a", "b", "c"].map((id) => recent.recall(id) !== undefined)).toEqual([true, false, true]);
  });
});
