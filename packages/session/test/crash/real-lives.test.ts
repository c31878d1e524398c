import { describe, expect, test } from "vitest";
import { live, type Name } from "./life.js";
import { runs } from "../../../../hostile/runs.js";
import { layersOf } from "./layers.js";

/** Some of the cuts of the quick lives, in another part of each member's life. */
const CUTS = (["alice", "bob", "carol"] as const).flatMap((name: Name, i) =>
  [3, 17, 31, 40]
    .slice(0, runs(4))
    .flatMap((write) =>
      (["before", "after"] as const).map((moment) => ({ name, write: write + 4 * i, moment })),
    ),
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
