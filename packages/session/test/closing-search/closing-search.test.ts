import { describe, expect, test } from "vitest";
import { createArrivals } from "./arrivals.js";
import { QUICK } from "./cases.js";
import { expectCase } from "./expect-case.js";
import type { Life } from "./life.js";
import { outlineOf } from "./outline.js";
import { search } from "./search.js";
import { createSymmetry } from "./symmetry.js";

describe("In every course of an epoch, the rules of closing lead to the listed ends only:", () => {
  test.each(QUICK)("$title", expectCase);
});

describe("Two commits can both be certified", () => {
  const numbers = [2, 3, 4].flatMap((members) =>
    [0, 1].flatMap((leavers) => [0, 1, 2].map((twice) => ({ members, leavers, twice }))),
  );

  test.each(numbers.filter(({ members, leavers, twice }) => leavers + twice <= members))(
    "only if enough members choose twice: $twice of $members, of which $leavers leave",
    ({ members, leavers, twice }) => {
      const leaving = leavers === 0 ? {} : { leavers: [members - 1] };
      const { breaches } = search({
        ...{ members, commits: [leaving, leaving], patience: "none", isAllHeld: true },
        twice: Array.from({ length: twice }, (_, position) => position),
      });
      // Each side needs an honest member that stays.
      const needed = (members - leavers) % 2 === 1 ? 1 : 2;
      const isPossible = twice >= needed && members - leavers - twice >= 2;
      expect(breaches["two certified commits"] !== undefined).toBe(isPossible);
    },
  );
});

describe("The search leaves nothing out:", () => {
  const plain = [{}, {}];
  test.each<[string, Life]>([
    ["two members", { members: 2, commits: plain }],
    ["two members, of which a commit removes one", { members: 2, commits: [{ removed: [1] }, {}] }],
    ["three members with all candidates", { members: 3, commits: plain, isAllHeld: true }],
  ])("%s reach the same ends if each arrival is a step", (_title, life) => {
    const ends = outlineOf(life);
    expect(outlineOf(life, { stepsOf: createArrivals(life) })).toEqual(ends);
    expect(ends.size).toBeGreaterThan(20);
  });

  test("groups that differ in positions only are one state", () => {
    const life: Life = { members: 3, commits: [{ leavers: [2] }, {}] };
    const oneOf = createSymmetry(life);
    const states = new Set<string>();
    const { states: all } = search(life, {
      isSymmetric: false,
      visit: (group) => void states.add(oneOf(group).join()),
    });
    expect(states.size).toBe(search(life).states);
    expect(states.size).toBeLessThan(all);
  });
});
