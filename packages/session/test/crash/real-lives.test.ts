import { describe, expect, test } from "vitest";
import { runs } from "../../../../hostile/runs.js";
import { layersOf } from "./layers.js";
import { live, NAMES } from "./life.js";

const { writes } = await live(layersOf({ fakes: true }));
const CUTS_EACH = runs(4);

/** Some of the cuts of the quick lives, evenly over each member's whole life, at different parts for each member. */
const CUTS = NAMES.flatMap((name, i) =>
  Array.from({ length: CUTS_EACH }, (_, k) =>
    Math.round(((k + (i + 1) / NAMES.length) / CUTS_EACH) * writes[name]),
  ).flatMap((write) => (["before", "after"] as const).map((moment) => ({ name, write, moment }))),
);

describe("With real cryptography", () => {
  test.each(CUTS)(
    "$name dies $moment write $write and comes back to equal members",
    async ({ name, ...death }) => {
      const { acknowledged, members } = await live(layersOf({ fakes: false }), name, death);
      expect(members[name].deaths).toBe(1);
      expect(acknowledged).toHaveLength(10);
      expect(Object.values(members).flatMap(({ reused }) => reused)).toEqual([]);
    },
  );
});
