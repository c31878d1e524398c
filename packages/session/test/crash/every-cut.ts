import { createGenerationLedger } from "@demls/testkit";
import { expect, test } from "vitest";
import { fakeLayers } from "./fake-layers.js";
import { live, type Name } from "./life.js";

/** The fewest writes that each member's part of the life takes: fewer, and the life has shrunk. */
const MIN_WRITES = 40;

/** Lives the life once for each write of a member, the member dying before the write, and once after it. */
export function testEveryCut(name: Name): void {
  test(`${name} comes back to equal members from before and after each of its writes`, async () => {
    const { writes } = await live(fakeLayers());
    expect(writes[name]).toBeGreaterThan(MIN_WRITES);
    for (let write = 1; write <= writes[name]; write += 1)
      for (const moment of ["before", "after"] as const) await dieOnce(name, { write, moment });
  });
}

async function dieOnce(name: Name, death: { write: number; moment: "before" | "after" }): Promise<void> {
  const where = `${name} died ${death.moment} write ${death.write}`;
  const { members, published, acknowledged } = await live(fakeLayers(), name, death).catch(
    (error: unknown) => {
      throw new Error(`${where}: ${String(error)}`);
    },
  );
  const ledger = createGenerationLedger();
  for (const { payload } of published) ledger.note(payload);
  expect(ledger.reused, where).toEqual([]);
  expect(members[name].deaths, where).toBe(1);
  expect(acknowledged, where).toHaveLength(10);
}
