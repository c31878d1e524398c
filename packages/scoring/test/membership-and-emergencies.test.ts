import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { emergencyScoreOps, scoringMemberDiff } from "../src/index.js";
import { members, stranger } from "./fixtures.js";

describe("the difference between scored and members", () => {
  it("makes the scored ids equal to the members when applied", () => {
    const some = fc.subarray([...members]);
    fc.assert(
      fc.property(some, some, (scored, now) => {
        const { toAdd, toRemove } = scoringMemberDiff(scored, now);
        const synced = new Set([...scored.filter((id) => !toRemove.includes(id)), ...toAdd]);
        expect(synced).toEqual(new Set(now));
        expect(toAdd.some((id) => scored.includes(id))).toBe(false);
      }),
    );
  });
});

describe("a decided emergency", () => {
  const evidence = (violationType: number) => ({
    violationType,
    target: members[0] as never,
    creator: stranger,
  });

  it("over a broken commit costs its target and rewards its creator first", () => {
    expect(emergencyScoreOps(evidence(1), true)).toEqual([
      { memberId: stranger, event: "emergency-yes-creator" },
      { memberId: members[0], event: "broken-commit" },
    ]);
  });

  it("of an unknown kind costs its target nothing", () => {
    for (const violationType of [-1, 6, 7, 2 ** 31 - 1]) {
      expect(emergencyScoreOps(evidence(violationType), true)).toEqual([
        { memberId: stranger, event: "emergency-yes-creator" },
      ]);
    }
  });

  it("that was rejected costs its creator, whatever its kind", () => {
    fc.assert(
      fc.property(fc.integer(), (violationType) => {
        expect(emergencyScoreOps(evidence(violationType), false)).toEqual([
          { memberId: stranger, event: "emergency-no-creator" },
        ]);
      }),
    );
  });
});
