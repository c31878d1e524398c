import { test } from "vitest";
import { expectWhole } from "../lives.js";

test.each([
  ["none", 6, 10],
  ["sleep", 9, 10],
  ["skew", 8, 9],
  ["away", 2, 3],
  ["hostile", 3, 3],
] as const)(
  "Further lives of small groups under the fault %s (seeds %d to %d) end whole, and keep every invariant",
  { timeout: 600_000 },
  expectWhole,
);
