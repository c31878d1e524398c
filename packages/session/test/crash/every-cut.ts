import { createGenerationLedger } from "@demls/testkit";
import { describe, expect, test } from "vitest";
import { runs } from "../../../../hostile/runs.js";
import { layersOf } from "./layers.js";
import { live, NAMES, type Name } from "./life.js";
import type { MortalMember } from "./mortal-member.js";

/** Minimum number of writes of each member in the life. With fewer, the life would test less. */
const MIN_WRITES = 50;

/** Events that are emitted only for good reasons and must not be lost. */
const TOLD_ONCE = ["joined", "leaving", "message"] as const;

/**
 * Runs the life once for each write of a member, with a crash before and a crash after that write; in the quick tier,
 * for a part of the writes.
 */
export async function testEveryCut(name: Name): Promise<void> {
  const uncut = await live(layersOf({ fakes: true }));
  const { writes } = uncut;
  const step = Math.max(1, Math.round(writes[name] / runs(writes[name])));
  const cuts = Array.from({ length: Math.floor(writes[name] / step) }, (_, i) => (i + 1) * step);

  describe.each(["before", "after"] as const)(
    `${name} comes back to equal members, having died %s`,
    (moment) => {
      test("the life has the expected length", () => {
        expect(writes[name]).toBeGreaterThan(MIN_WRITES);
      });

      test.each(cuts)("write %i", async (write) => {
        const { members, kept, published, acknowledged } = await live(layersOf({ fakes: true }), name, {
          write,
          moment,
        });
        const ledger = createGenerationLedger();
        for (const { payload } of published) ledger.note(payload);
        expect(ledger.reused).toEqual([]);
        expect(members[name].deaths).toBe(1);
        expect(acknowledged).toHaveLength(10);
        // At least the events of the uncut life; the crash may add some.
        for (const who of NAMES)
          for (const kind of TOLD_ONCE)
            expect(timesTold(members[who], kind)).toBeGreaterThanOrEqual(timesTold(uncut.members[who], kind));
        for (const who of NAMES) {
          const ids = kept[who].map(({ id }) => id);
          const others = kept[who].filter(({ isOwn }) => !isOwn).map(({ id }) => id);
          const own = kept[who].filter(({ isOwn }) => isOwn).map(({ text }) => text);
          const sent = acknowledged.filter(({ sender }) => sender === who).map(({ text }) => text);
          expect(ids).toEqual([...new Set(ids)]);
          expect(new Set(others)).toEqual(idsTold(members[who]));
          expect(own).toEqual(expect.arrayContaining(sent));
        }
      });
    },
  );
}

function idsTold({ diary }: MortalMember): ReadonlySet<string> {
  return new Set(diary.flatMap((event) => (event.kind === "message" ? [event.id] : [])));
}

function timesTold({ diary }: MortalMember, kind: (typeof TOLD_ONCE)[number]): number {
  return diary.filter((event) => event.kind === kind).length;
}
