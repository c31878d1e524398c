import { describe, expect, test } from "vitest";
import { runs } from "../../../../hostile/runs.js";
import { cutsOf } from "./cuts.js";
import { layersOf } from "./layers.js";
import { live, NAMES } from "./life.js";

const { writes } = await live(layersOf({ fakes: true }));
/** Number of writes of each member with a life that ends before and one that ends after it. */
const WRITES_EACH = runs(4);

/** Some of the cuts of the quick lives, evenly over each member's whole life, at different parts for each member. */
const CUTS = NAMES.flatMap((name, i) => {
  const cuts = [...cutsOf(writes[name]).values()].flat();
  return Array.from({ length: WRITES_EACH }, (_, k) => {
    const part = (k + (i + 0.5) / NAMES.length) / WRITES_EACH;
    const first = 2 * Math.floor((part * cuts.length) / 2);
    return cuts.slice(first, first + 2);
  }).flatMap((both) => both.map((cut) => ({ name, cut })));
});

describe("With real cryptography", () => {
  test.each(CUTS)(
    "$name dies $cut.moment write $cut.write of $cut.scene and comes back to equal members",
    async ({ name, cut }) => {
      const { acknowledged, members } = await live(layersOf({ fakes: false }), name, [cut]);
      expect(members[name].deaths).toBe(1);
      expect(acknowledged).toHaveLength(10);
      expect(Object.values(members).flatMap(({ reused }) => reused)).toEqual([]);
    },
  );
});
