import { describe, expect, test } from "vitest";
import {
  alter,
  ban,
  castOf,
  gather,
  isSynced,
  type Member,
  rejoin,
  scoreOf,
  until,
} from "../harness/index.js";

describe("scores follow the members (sync scoring members)", () => {
  test("are deleted for removed members, and start with the default after joining again", async () => {
    const { world, members } = await gather(["alice", "bob", "carol", "dave"]);
    const [comer] = castOf(world).others;
    const staying = members.filter((member) => member !== comer);
    for (const member of staying) {
      const diverged = [{ memberId: comer.id, score: 17n }];
      const values = member.plugins.scoring.applySnapshot(member.state.scores.values, { diverged });
      alter(member, "scores", { values });
    }
    await ban(world, staying[0] as Member, comer);
    await until(world, () => staying.every(({ state }) => state.group?.epoch === 2n));
    for (const member of staying) expect(scoreOf(member, comer)).toBeUndefined();

    await rejoin(world, comer);
    await until(world, () => isSynced(comer) && comer.state.group?.epoch === 3n);
    for (const member of members) expect(scoreOf(member, comer)).toBe(100n);
    // The joiner has the same scores for the others as they have.
    for (const other of staying) expect(scoreOf(comer, other)).toBe(scoreOf(staying[0] as Member, other));
  });
});
