import { expect, test } from "vitest";
import { FAULT_KINDS, faultsOf, traitsOf } from "../../src/faults/index.js";
import type { LifeReport } from "../../src/life/life.js";
import { liveSmall } from "../lives.js";

/** Share of deliveries that arrive; duplicates count. */
function arrivingShare({ counts }: LifeReport): number {
  return (counts["copies delivered"] ?? 0) / (counts["copies due"] ?? 0);
}

test("no packet is lost without faults", async () => {
  expect(arrivingShare(await liveSmall())).toBeGreaterThan(0.99);
});

test("a fifth of the packets is lost by the fault loss at 20 %, while it lasts", async () => {
  const share = arrivingShare(await liveSmall({ faults: "loss", loss: 0.2 }));
  expect(share).toBeGreaterThan(0.7);
  expect(share).toBeLessThan(0.93);
});

test("the fault all has outages, partitions, crashes, sleeps and clock jumps", async () => {
  const { counts } = await liveSmall({ faults: "all", seed: 3 });
  for (const name of ["outages", "partitions", "crashes", "sleeps", "clock jumps"])
    expect(counts[name], name).toBeGreaterThan(0);
});

test("members write offline in each way, and all that they write arrives", async () => {
  const { counts, findings } = await liveSmall({ faults: "offline-writers", seed: 3 });
  expect(counts["messages written offline"]).toBeGreaterThan(0);
  expect(findings).toEqual([]);
});

test("two sides that are apart let members in and meet again", async () => {
  const { counts, findings } = await liveSmall({ faults: "apart", seed: 12, size: { min: 4, max: 5 } });
  expect(traitsOf("apart")).toContain("members let in on both sides");
  for (const name of ["unequal partitions", "joins apart", "provisional merges"])
    expect(counts[name], name).toBeGreaterThan(0);
  expect(findings).toEqual([]);
});

test("hostile acts and reactions occur in a life with a hostile member", async () => {
  const { counts } = await liveSmall({ faults: "hostile", seed: 3, size: { min: 3, max: 3 } });
  const acts = Object.keys(counts).filter((name) => name.startsWith("hostile "));
  expect(acts.length).toBeGreaterThan(1);
});

test("each other fault is one by itself, and none is without any", () => {
  for (const kind of FAULT_KINDS) {
    const names = faultsOf(kind).map(([name]) => name);
    if (kind === "none") expect(names).toEqual([]);
    else if (kind !== "all") expect(names).toEqual([kind]);
  }
});
