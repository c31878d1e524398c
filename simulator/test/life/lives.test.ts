import { test } from "vitest";
import type { FaultKind } from "../../src/faults/index.js";
import { expectWhole } from "../lives.js";

/** Lives of each kind of faults: sixty. Those with guests are slow tests, and some of `apart` are not whole. */
const LIVES: Readonly<Record<Exclude<FaultKind, "joins" | "intruders" | "apart">, number>> = {
  none: 3,
  loss: 10,
  cut: 10,
  crash: 10,
  sleep: 8,
  skew: 7,
  all: 7,
  away: 1,
  "offline-writers": 2,
  hostile: 2,
  equivocates: 2,
};

for (const [kind, lives] of Object.entries(LIVES)) {
  const faults = kind as keyof typeof LIVES;
  const name = `The first lives (${lives}) of small groups under the fault ${faults} end whole, and keep every invariant`;
  test(name, { timeout: 600_000 }, () => expectWhole(faults, 1, lives));
}
