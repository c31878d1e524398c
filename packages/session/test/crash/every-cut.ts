import { createGenerationLedger } from "@demls/testkit";
import { afterAll, describe, expect, test, vi } from "vitest";
import { fakeLayers } from "./fake-layers.js";
import { live, type Name } from "./life.js";

/** The fewest writes that each member's part of the life takes: fewer, and the life has shrunk. */
const MIN_WRITES = 50;

/** Lives the life once for each write of a member, the member dying before the write, and once after it. */
export async function testEveryCut(name: Name): Promise<void> {
  const { writes } = await live(fakeLayers());
  const cuts = Array.from({ length: writes[name] }, (_, i) => i + 1);

  describe.each(["before", "after"] as const)(
    `${name} comes back to equal members, having died %s`,
    (moment) => {
      afterAll(() => void vi.useRealTimers());

      test("the life is not a short one", () => {
        expect(cuts.length).toBeGreaterThan(MIN_WRITES);
      });

      test.each(cuts)("write %i", async (write) => {
        const { members, published, acknowledged } = await live(fakeLayers(), name, { write, moment });
        const ledger = createGenerationLedger();
        for (const { payload } of published) ledger.note(payload);
        expect(ledger.reused).toEqual([]);
        expect(members[name].deaths).toBe(1);
        expect(acknowledged).toHaveLength(10);
      });
    },
  );
}
