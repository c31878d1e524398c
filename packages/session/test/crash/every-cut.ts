import { createGenerationLedger } from "@demls/testkit";
import { describe, expect, test } from "vitest";
import { runs } from "../../../../hostile/runs.js";
import { cutsOf, livesOf, type Cut } from "./cuts.js";
import { layersOf } from "./layers.js";
import { live, NAMES, type Name } from "./life.js";
import type { MortalMember } from "./mortal-member.js";

/** Minimum number of writes of each member in the life. With fewer, the life would test less. */
const MIN_WRITES = 50;

/** Events that are emitted only for good reasons and must not be lost. */
const TOLD_ONCE = ["joined", "leaving", "message"] as const;

/**
 * Runs lives with a crash before and a crash after each write of a member, one in each scene; in the quick tier, a part of
 * the lives.
 */
export async function testEveryCut(name: Name): Promise<void> {
  const uncut = await live(layersOf({ fakes: true }));
  const cuts = cutsOf(uncut.writes[name]);
  const all = livesOf(cuts);
  const step = Math.max(1, Math.round(all.length / runs(all.length)));
  const lives = all.filter((_, i) => i % step === 0).map((life) => ({ life, deaths: told(life) }));

  describe(`${name} comes back to equal members, having died`, () => {
    test("in a life of the expected length, at every write", () => {
      expect(all.flat()).toHaveLength([...cuts.values()].flat().length);
      expect(all.flat().length).toBeGreaterThan(2 * MIN_WRITES);
    });

    test.each(lives)("$deaths", async ({ life }) => {
      const deaths = await survive(life);
      // An earlier crash has left a scene with fewer writes.
      if (deaths < life.length) for (const cut of life) expect(await survive([cut])).toBe(1);
    });
  });

  /** Returns the number of crashes. */
  async function survive(life: readonly Cut[]): Promise<number> {
    const { members, kept, published, acknowledged } = await live(layersOf({ fakes: true }), name, life);
    const ledger = createGenerationLedger();
    for (const { payload } of published) ledger.note(payload);
    expect(ledger.reused).toEqual([]);
    expect(acknowledged).toHaveLength(10);
    // At least the events of the uncut life; the crashes may add some.
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
    return members[name].deaths;
  }
}

function told(life: readonly Cut[]): string {
  return life.map(({ scene, write, moment }) => `${moment} write ${write} of "${scene}"`).join(", ");
}

function idsTold({ diary }: MortalMember): ReadonlySet<string> {
  return new Set(diary.flatMap((event) => (event.kind === "message" ? [event.id] : [])));
}

function timesTold({ diary }: MortalMember, kind: (typeof TOLD_ONCE)[number]): number {
  return diary.filter((event) => event.kind === kind).length;
}
